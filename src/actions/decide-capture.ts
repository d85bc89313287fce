import { addressFlags } from '../capture/values/address-flags.ts'
import { countryCode } from '../capture/values/country.ts'
import { needsExpressConsent } from '../capture/values/express-consent.ts'
import type { Context } from '../context.ts'
import { nextDigest } from '../core/alert.ts'
import { type CaptureResult, isPublic, type ReadCapture } from '../core/capture.ts'
import { consentBases, isConsentEnough } from '../core/consent.ts'
import { emailKey, foldedEmailKey } from '../core/email-address.ts'
import { type Past, outcomeOf } from '../core/enrollment.ts'
import { planStep } from '../core/schedule.ts'
import type { Entry, Sequence } from '../core/sequence.ts'
import type { LeadFields } from '../core/submission.ts'
import { isOwn } from '../sequences/index.ts'
import { optIn } from '../sequences/opt-in.ts'
import type { CaptureFacts } from '../store/capture-facts.ts'
import type { CaptureWrites } from '../store/capture-writes.ts'
import { newId } from '../store/new-id.ts'
import { bookingsOf } from './bookings-of.ts'
import { zoneAfterForm } from './zone-after-form.ts'
import { zoneOf } from './zone-of.ts'

type LeadContent = Extract<ReadCapture['content'], { kind: 'lead' }>

/** What becomes of one capture: the answer, and the rows that make it true. */
export type CaptureDecision = {
  result: CaptureResult
  writes: Partial<CaptureWrites>
  /** Bookings stand against a sequence: once all is written, the mail that asks to book again has to follow them. */
  follows: {
    leadId: string
    refused: boolean
    /** Whoever else has the mailbox is taken for the same lead. */
    wholeMailbox: boolean
  } | null
}

/** A sequence as leads of this batch get it, and the hash that it is stored under. */
export type CurrentSequence = (
  key: string,
  isImported: boolean,
) => { sequence: Sequence; hash: string } | null

/**
 * Decides what becomes of a capture from what is known of it and its lead. No database, no waiting: all the rules of
 * capturing are here and in `outcomeOf`.
 * Throws Error when the source names a sequence that is not there.
 */
export function decideCapture(
  ctx: Pick<Context, 'config'>,
  capture: ReadCapture,
  facts: CaptureFacts,
  current: CurrentSequence,
  now: Date,
): CaptureDecision {
  const before = facts.capture
  if (before && before.status !== 'parked')
    return {
      result: { captureId: before.id, status: before.status, leadId: before.leadId, duplicate: true },
      writes: {},
      follows: null,
    }
  const captureId = before?.id ?? newId()
  const { content } = capture
  if (content.kind === 'lead') return decideLead(ctx, { capture, captureId, facts }, content, current, now)
  const status = content.kind === 'ignored' ? 'ignored' : 'parked'
  return {
    result: { captureId, status, leadId: null, duplicate: before !== null && status === 'parked' },
    writes: closing(capture, facts, { ...open, id: captureId, status, reason: content.reason }),
    follows: null,
  }
}

const open = { reason: null, leadId: null, outcome: null, fields: null }

/** Stores the capture as closed, whether it is new or was parked before. */
function closing(
  { source, externalId, contentType, body, receivedAt }: ReadCapture,
  facts: CaptureFacts,
  row: CaptureWrites['reopened'][number],
): Partial<CaptureWrites> {
  if (facts.capture) return { reopened: [row] }
  return { captures: [{ ...row, sourceId: source.id, externalId, contentType, body, receivedAt }] }
}

/** Stores the lead, the proof of consent and the front desk's alert, and enrolls where nothing stands against it. */
function decideLead(
  ctx: Pick<Context, 'config'>,
  { capture, captureId, facts }: { capture: ReadCapture; captureId: string; facts: CaptureFacts },
  content: LeadContent,
  current: CurrentSequence,
  now: Date,
): CaptureDecision {
  const { fields } = content
  const { list } = capture
  const refused = fields.consent === false
  // Another way to write the mailbox does not change where the lead's mail goes.
  const known = facts.lead?.email
  const mailTo = known && emailKey(known) !== emailKey(fields.email) ? known : fields.email
  const { orphans, course } = bookingsOf(facts, emailKey(fields.email), now)
  // One that was parked for a while comes after what the lead has told since, and a list knows nobody better.
  const isOlder = facts.lead !== null && (list !== undefined || capture.receivedAt < facts.lead.updatedAt)
  const timeZone = zoneAfterForm(ctx, fields, facts.lead?.timeZone ?? null, isOlder)
  const entry = current(capture.source.sequence, list !== undefined)?.sequence.entry ?? anyoneOnce
  const flags = addressFlags(mailTo, ctx.config.mode === 'sandbox')
  const consent = consentOf(content, capture)
  const bases = consent ? [...facts.bases, consent.basis] : facts.bases
  const express = needsExpressConsent({
    country: countryCode(fields.country) ?? facts.lead?.country ?? null,
    phone: fields.phone ?? facts.lead?.phone ?? null,
    postalCode: fields.postalCode,
    timeZone: zoneOf(ctx, { timeZone }),
  })
  const asked = facts.enrollments.some(({ sequence }) => sequence === optIn.key)
  const confirmed = bases.includes('confirmed')
  const standing = outcomeOf(
    {
      sequence: capture.source.sequence,
      ...returning(capture, entry, facts.enrollments, confirmed),
      suppressed: facts.suppressed,
      booked: course !== 'none',
      impossible: flags.includes('impossible'),
      // Who is on a list did not just ask for mail: each line has to prove that the person once did.
      consented: !refused && !(list && !consent) && isConsentEnough(entry.consent, bases, express),
      confirmed: confirmed || !capture.source.doubleOptIn,
    },
    now,
  )
  const isJustStored = list?.startAt === null && (standing === 'enrolled' || standing === 'unconfirmed')
  const outcome = isJustStored ? 'stored' : standing
  const leadId = facts.lead?.id ?? newId()
  const writes: Partial<CaptureWrites> = {
    ...closing(capture, facts, { id: captureId, status: 'mapped', reason: null, leadId, outcome, fields }),
    ...leadRows(fields, facts.lead === null ? null : { isOlder }, {
      id: leadId,
      email: mailTo,
      flags,
      timeZone,
    }),
  }
  if (consent)
    writes.consents = [
      {
        ...consent,
        id: newId(),
        leadId,
        captureId,
        textVersion: fields.consentTextVersion,
        pageUrl: fields.pageUrl,
      },
    ]
  // A booking that turns out to be a lead's whose mails run stops them. A list knows nobody better.
  const stops = outcome === 'attached' && !list && course !== 'none' && orphans.length > 0
  if (outcome !== 'suppressed' && (outcome !== 'attached' || stops))
    writes.bookings = orphans.map(({ id, matchedBy }) => ({ id, leadId, matchedBy }))
  const enrollment = { leadId, timeZone, sequence: capture.source.sequence }
  if (outcome === 'enrolled') Object.assign(writes, enrolling(ctx, capture, enrollment, current, now))
  // Once for an address, whoever fills in forms for it and however often.
  if (outcome === 'unconfirmed' && !asked)
    Object.assign(writes, enrolling(ctx, capture, { ...enrollment, sequence: optIn.key }, current, now))
  if (outcome !== 'attached' && !list) writes.alerts = freshLead(ctx, capture, captureId, now)
  return {
    result: { captureId, status: 'mapped', leadId, duplicate: false, ...(list && { outcome }) },
    writes,
    follows:
      stops || (outcome === 'booked' && !list)
        ? { leadId, refused, wholeMailbox: stops && isPublic(capture.source) }
        : null,
  }
}

/** The front desk's alert, as the source wants it. */
function freshLead(
  { config }: Pick<Context, 'config'>,
  { source }: ReadCapture,
  captureId: string,
  now: Date,
): CaptureWrites['alerts'] {
  if (source.alerts === 'none') return []
  const inDigest = source.alerts === 'digest'
  const dueAt = inDigest ? nextDigest(now, config.digestHour, config.brand.timeZone) : now
  return [{ id: newId(), kind: 'fresh-lead', captureId, sourceId: source.id, dueAt, inDigest }]
}

/** Where a sequence says nothing of who joins it. */
const anyoneOnce: Entry = { consent: consentBases, again: 'once' }

/** What a capture proves of consent; null when the form asked for it and did not get it, or a list tells of none. */
function consentOf(
  { fields, imported }: LeadContent,
  { receivedAt, list }: ReadCapture,
): Pick<CaptureWrites['consents'][number], 'basis' | 'proof' | 'givenAt'> | null {
  if (fields.consent === false) return null
  if (imported) return { basis: 'imported', ...imported }
  if (list) return null
  return { basis: fields.consent === true ? 'ticked' : 'inquiry', proof: null, givenAt: receivedAt }
}

/**
 * What a lead went through before, and whether it may again. The mail that asks to book again is no sequence that a form
 * joins: it counts as this one. Where nobody vouches for who sent the form, anybody could have somebody else mailed
 * again, so that each mailbox goes through one sequence, once; unless its owner confirmed.
 */
function returning(
  { source }: ReadCapture,
  { again }: Entry,
  enrollments: readonly Past[],
  confirmed: boolean,
): { again: Entry['again']; enrollments: Past[] } {
  const isOpen = isPublic(source) && !confirmed
  return {
    again: isOpen ? 'once' : again,
    enrollments: enrollments.flatMap((past) => {
      // Whoever was asked and did not answer hears no more through a form that does not ask.
      if (past.sequence === optIn.key && (!isOpen || source.doubleOptIn)) return []
      if (isOwn(past.sequence)) return { ...past, sequence: source.sequence, status: 'finished' }
      return isOpen ? { ...past, sequence: source.sequence } : past
    }),
  }
}

function leadRows(
  fields: LeadFields,
  known: { isOlder: boolean } | null,
  lead: Pick<CaptureWrites['leads'][number], 'id' | 'email' | 'flags' | 'timeZone'>,
): Partial<CaptureWrites> {
  const { email, firstName, lastName, phone, postalCode } = fields
  const row = { ...lead, firstName, lastName, phone, postalCode, country: countryCode(fields.country) }
  if (known) return { knownLeads: [{ ...row, ...known }] }
  const keys = { emailKey: emailKey(email), foldedKey: foldedEmailKey(email) }
  return { leads: [{ ...row, ...keys }] }
}

/** The enrollment and its first delivery. */
function enrolling(
  ctx: Pick<Context, 'config'>,
  { source, list }: ReadCapture,
  { leadId, timeZone, sequence: key }: { leadId: string; timeZone: string | null; sequence: string },
  current: CurrentSequence,
  now: Date,
): Pick<CaptureWrites, 'enrollments' | 'deliveries'> {
  const found = current(key, list !== undefined)
  if (!found) throw new Error(`The source ${source.slug} names a sequence that is not there`)
  const { sequence, hash } = found
  const enrollment = {
    id: newId(),
    leadId,
    sourceId: source.id,
    sequence: sequence.key,
    definitionHash: hash,
    topical: source.topical,
  }
  const [step] = sequence.steps
  const from = list?.startAt ?? now
  const plan = planStep(step, from, zoneOf(ctx, { timeZone }), ctx.config.brand.holidays)
  // It goes first because somebody waits for it. Who is on a list does not.
  const first = list === undefined
  const delivery = { ...plan, id: newId(), enrollmentId: enrollment.id, leadId, step: step.key, first }
  return { enrollments: [enrollment], deliveries: [delivery] }
}
