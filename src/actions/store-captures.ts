import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import { type CaptureResult, isPublic, type ReadCapture } from '../core/capture.ts'
import { emailKey, foldedEmailKey } from '../core/email-address.ts'
import type { Sequence } from '../core/sequence.ts'
import { definitionOfSequence } from '../sequences/index.ts'
import { type CaptureFacts, readCaptureFacts } from '../store/capture-facts.ts'
import { type CaptureWrites, writeCaptures } from '../store/capture-writes.ts'
import { lockContacts } from '../store/contact-locks.ts'
import { creditBooking } from '../store/bookings.ts'
import { lockWaiting } from '../store/deliveries.ts'
import { reopenUntaken } from '../store/dispatch-marks.ts'
import { type Db, inTwoTrips, sqlState, uniqueViolation } from '../store/db.ts'
import { findLead, findLeadIdsByFoldedKey } from '../store/leads.ts'
import { addClaims, noClaims, withoutClaimed } from './batch-claims.ts'
import { currentSequences } from './current-sequences.ts'
import { type CaptureDecision, decideCapture } from './decide-capture.ts'
import { followBookings } from './follow-bookings.ts'
import { stopLead } from './stop-lead.ts'

type Settled = PromiseSettledResult<CaptureResult>

/** What must not be in two batches at once: an address, and a submission. */
export function keysOfCapture({ source, externalId, content }: ReadCapture): string[] {
  const submission = `${source.id} ${externalId}`
  return content.kind === 'lead' ? [submission, foldedEmailKey(content.fields.email)] : [submission]
}

/**
 * Stores a batch of captures in one transaction of two trips, whatever its size, and a few more for each lead whose
 * bookings stand against a sequence; no two may share a key of `keysOfCapture`. Every result is what storing that
 * capture alone would have given, and is on disk when this returns.
 */
export async function storeCaptures(ctx: Context, captures: readonly ReadCapture[]): Promise<Settled[]> {
  const results = await storeOrSplit(ctx, captures)
  if (results.some((result) => result.status === 'fulfilled' && isFresh(result.value))) ctx.wake()
  return results
}

const isFresh = ({ status, duplicate }: CaptureResult) => status === 'mapped' && !duplicate

/**
 * Tells what storing a batch would give, and stores nothing. Each is looked at as if it came alone: an address that
 * comes twice is a new lead twice.
 */
export async function tryCaptures(ctx: Context, captures: readonly ReadCapture[]): Promise<Settled[]> {
  return inTwoTrips(
    ctx.db,
    (tx) => ask(ctx, tx, captures),
    (tx, known) => ({ ...tell(ctx, tx, captures, known, false), more: null }),
    [],
  )
}

/**
 * Data that the database refuses fails a whole batch. It is then stored in halves, down to the one capture that is
 * to blame, which is parked.
 */
async function storeOrSplit(ctx: Context, captures: readonly ReadCapture[]): Promise<Settled[]> {
  try {
    return await inTwoTrips(
      ctx.db,
      (tx) => ask(ctx, tx, captures),
      (tx, known) => tell(ctx, tx, captures, known),
      [uniqueViolation],
    )
  } catch (error) {
    const state = sqlState(error)
    // Class 22 and 23: the data itself is refused (PostgreSQL manual, appendix A), and would be again.
    const isData = state !== null && /^2[23]/.test(state)
    const middle = Math.ceil(captures.length / 2)
    if (isData && captures.length > 1)
      return [
        ...(await storeOrSplit(ctx, captures.slice(0, middle))),
        ...(await storeOrSplit(ctx, captures.slice(middle))),
      ]
    const [capture] = captures
    if (isData && capture && capture.content.kind !== 'unreadable')
      return storeOrSplit(ctx, [unreadable(capture, `the database refused it: SQLSTATE ${state}`)])
    return captures.map(() => ({ status: 'rejected', reason: error }))
  }
}

/** The capture as one to be parked: under a key of its bytes, since nothing in them is to be relied on. */
export function unreadable(
  capture: Omit<ReadCapture, 'externalId' | 'content'>,
  reason: string,
): ReadCapture {
  const digest = createHash('sha256').update(capture.body).digest('hex')
  return { ...capture, externalId: `raw:${digest}`, content: { kind: 'unreadable', reason } }
}

type Known = Awaited<ReturnType<typeof readCaptureFacts>>

/** Locks the numbers and addresses of a batch, then reads what decides. */
async function ask(ctx: Context, tx: Db, captures: readonly ReadCapture[]): Promise<Known> {
  const emails = captures.flatMap(({ content }) => (content.kind === 'lead' ? [content.fields.email] : []))
  const lookups = captures.map((capture) => lookupOf(ctx, capture))
  // Two statements: one that waits for a lock does not see what was committed meanwhile, and the next one does.
  const [, known] = await Promise.all([
    lockContacts(
      tx,
      lookups.flatMap(({ phone }) => phone ?? []),
      emails.map(foldedEmailKey),
    ),
    readCaptureFacts(tx, lookups),
  ])
  return known
}

/** Decides what becomes of each capture, and writes all of it if it is meant `forReal`. */
function tell(
  ctx: Context,
  tx: Db,
  captures: readonly ReadCapture[],
  { facts, stepsOff, timings }: Known,
  forReal = true,
): { result: Settled[]; told: Promise<unknown>; more: (() => Promise<void>) | null } {
  const now = ctx.clock.now()
  const changed = new Map<string, Sequence>()
  const changesOf = (key: string) => ({ off: stepsOff[key] ?? [], timings: timings[key]?.steps ?? {} })
  const current = currentSequences(ctx, changesOf, changed)
  const writes = noWrites()
  const follows: NonNullable<CaptureDecision['follows']>[] = []
  const claimed = noClaims()
  const moved: string[] = []
  const result = captures.map((capture, index): Settled => {
    try {
      const decision = decideCapture(
        ctx,
        capture,
        withoutClaimed(facts[index]!, capture, claimed),
        current,
        now,
      )
      addWrites(writes, decision.writes)
      addClaims(claimed, decision.writes)
      if (decision.follows) follows.push(decision.follows)
      moved.push(...movedLeads(facts[index]!, decision.writes))
      return { status: 'fulfilled', value: decision.result }
    } catch (reason) {
      // The fault of this one's source or sequence: the others of the batch have nothing to do with it.
      return { status: 'rejected', reason }
    }
  })
  for (const [hash, definition] of changed)
    writes.definitions.push({
      hash,
      sequence: definition.key,
      definition: definitionOfSequence(definition),
    })
  const isEmpty = !forReal || Object.values(writes).every((rows) => rows.length === 0)
  return {
    result,
    told: isEmpty ? Promise.resolve() : writeCaptures(tx, writes, now),
    more:
      follows.length === 0 && claimed.bookings.size === 0 && moved.length === 0
        ? null
        : async () => {
            for (const id of claimed.bookings.keys()) await creditBooking(tx, id)
            // Enrollments are locked there, and by all others before dispatches.
            await follow(ctx, tx, follows)
            for (const id of moved) {
              // Who claims them at this moment is waited for: what it seals is for the old zone.
              await lockWaiting(tx, id)
              await reopenUntaken(tx, id)
            }
          },
  }
}

/** Leads whose mails run and who told another zone: what is sealed may be for the middle of the night there. */
const movedLeads = ({ lead, enrollments }: CaptureFacts, { knownLeads = [] }: Partial<CaptureWrites>) =>
  enrollments.some(({ status }) => status === 'active' || status === 'held')
    ? knownLeads.flatMap(({ id, timeZone }) => (timeZone === lead?.timeZone ? [] : [id]))
    : []

/**
 * Lets the mail that asks to book again follow the bookings of each lead; a form whose consent box was left empty stops
 * it. Nothing else runs there. The transaction holds the locks of the addresses.
 */
async function follow(
  ctx: Context,
  tx: Db,
  all: readonly NonNullable<CaptureDecision['follows']>[],
): Promise<void> {
  for (const { leadId, refused, wholeMailbox } of all) {
    const lead = (await findLead(tx, leadId))!
    for (const id of wholeMailbox ? (await findLeadIdsByFoldedKey(tx, lead.foldedKey!)).sort() : [])
      if (id !== leadId) await stopLead(ctx, tx, { leadId: id, reason: 'booked' })
    if (refused) await stopLead(ctx, tx, { leadId, reason: 'booked' })
    else await followBookings(ctx, tx, { lead, stands: false })
  }
}

function lookupOf(ctx: Context, { source, externalId, content }: ReadCapture) {
  const email = content.kind === 'lead' ? content.fields.email : null
  return {
    mailboxKey: email && isPublic(source) ? foldedEmailKey(email) : null,
    sourceId: source.id,
    externalId,
    emailKey: email && emailKey(email),
    phone: content.kind === 'lead' ? content.fields.phone : null,
    suppressionHashes: email ? ctx.suppression.lookups(foldedEmailKey(email)) : [],
  }
}

const noWrites = (): CaptureWrites => ({
  captures: [],
  reopened: [],
  leads: [],
  knownLeads: [],
  consents: [],
  definitions: [],
  enrollments: [],
  deliveries: [],
  alerts: [],
  bookings: [],
})

function addWrites(all: CaptureWrites, some: Partial<CaptureWrites>): void {
  for (const [name, rows] of Object.entries(some))
    (all[name as keyof CaptureWrites] as unknown[]).push(...rows)
}
