import type { Context } from '../context.ts'
import { emailKey, foldedEmailKey } from '../core/email-address.ts'
import type { EnrollOutcome } from '../core/enrollment.ts'
import { planStep } from '../core/schedule.ts'
import type { LeadFields } from '../core/submission.ts'
import { hashSequence } from '../sequences/index.ts'
import { withoutSteps } from '../sequences/without-steps.ts'
import { insertAlert } from '../store/alerts.ts'
import { assignBooking, findStandingBooking } from '../store/bookings.ts'
import type { Db } from '../store/db.ts'
import { insertDeliveries } from '../store/deliveries.ts'
import { ensureDefinition, findEnrollments, insertEnrollment } from '../store/enrollments.ts'
import { insertConsent, type Lead, lockAddress, saveLead } from '../store/leads.ts'
import type { Source } from '../store/sources.ts'
import { findStepsOff } from '../store/switched-steps.ts'
import { findSuppressed } from '../store/suppressions.ts'

/**
 * Stores who sent a capture, the proof of consent and the front desk's alert, and enrolls the lead where nothing
 * stands against it: all inside the caller's transaction.
 */
export async function storeLead(
  ctx: Context,
  tx: Db,
  input: { source: Source; captureId: string; fields: LeadFields },
): Promise<{ leadId: string; outcome: EnrollOutcome }> {
  const { source, captureId, fields } = input
  const now = ctx.clock.now()
  const foldedKey = foldedEmailKey(fields.email)
  await lockAddress(tx, foldedKey)
  const lead = await saveLead(
    tx,
    {
      email: fields.email,
      emailKey: emailKey(fields.email),
      foldedKey,
      firstName: fields.firstName,
      lastName: fields.lastName,
      phone: fields.phone,
      postalCode: fields.postalCode,
      timeZone: fields.timeZone,
    },
    ctx.config.brand.timeZone,
    now,
  )
  const refused = fields.consent === false
  if (!refused)
    await insertConsent(tx, {
      leadId: lead.id,
      captureId,
      basis: fields.consent === true ? 'ticked' : 'inquiry',
      textVersion: fields.consentTextVersion,
      pageUrl: fields.pageUrl,
      givenAt: now,
    })
  const outcome =
    (await objection(ctx, tx, lead, foldedKey)) ??
    (refused ? 'without-consent' : await enroll(ctx, tx, source, lead, now))
  if (outcome !== 'attached') await insertAlert(tx, { kind: 'fresh-lead', captureId, reason: null }, now)
  return { leadId: lead.id, outcome }
}

/** What stands against enrolling this lead, or null. */
async function objection(ctx: Context, tx: Db, lead: Lead, foldedKey: string): Promise<EnrollOutcome | null> {
  const suppressed = await findSuppressed(tx, ctx.suppression.lookups(foldedKey))
  if (suppressed.size > 0) return 'suppressed'
  const enrollments = await findEnrollments(tx, lead.id)
  if (enrollments.some(({ status }) => status === 'active' || status === 'held')) return 'attached'
  const booking = await findStandingBooking(tx, lead.id, lead.emailKey!)
  if (booking) {
    if (booking.leadId === null) await assignBooking(tx, booking.id, lead.id, 'email')
    return 'booked'
  }
  // What ended before a person lifted the suppression does not stand against a form that came after.
  const { reopenedAt } = lead
  return enrollments.some(({ endedAt }) => !reopenedAt || !endedAt || endedAt > reopenedAt)
    ? 'finished'
    : null
}

async function enroll(ctx: Context, tx: Db, source: Source, lead: Lead, now: Date): Promise<'enrolled'> {
  const whole = ctx.sequences[source.sequence]
  if (!whole) throw new Error(`The source ${source.slug} names a sequence that is not there`)
  const sequence = withoutSteps(whole, await findStepsOff(tx, whole.key))
  const definitionHash = hashSequence(sequence)
  if (sequence !== whole) await ensureDefinition(tx, definitionHash, sequence, now)
  const enrollment = await insertEnrollment(tx, {
    leadId: lead.id,
    sourceId: source.id,
    sequence: sequence.key,
    definitionHash,
    topical: source.topical,
    startedAt: now,
  })
  const [step] = sequence.steps
  const plan = planStep(step, now, lead.timeZone)
  await insertDeliveries(
    tx,
    [{ ...plan, enrollmentId: enrollment.id, leadId: lead.id, step: step.key, first: true }],
    now,
  )
  return 'enrolled'
}
