import type { Context } from '../context.ts'
import { needsExpressConsent } from '../capture/values/express-consent.ts'
import { thirtyDays } from '../core/booking.ts'
import { consentBases, isConsentEnough } from '../core/consent.ts'
import { planAtPace, usualPace } from '../core/pace.ts'
import { definitionOfSequence, hashSequence } from '../sequences/index.ts'
import { rebook } from '../sequences/rebook.ts'
import { type Booking, setRebookEnrollment } from '../store/bookings.ts'
import { listBases } from '../store/consents.ts'
import type { Db } from '../store/db.ts'
import { insertDeliveries } from '../store/deliveries.ts'
import { ensureDefinition, findEnrollments, insertEnrollment } from '../store/enrollments.ts'
import type { Lead } from '../store/leads.ts'
import { readRebookFacts } from '../store/rebooking.ts'
import { findSuppressed } from '../store/suppressions.ts'
import { findStepsOff } from '../store/switched-steps.ts'
import { currentSequence } from './definitions.ts'
import { zoneOf } from './zone-of.ts'

/**
 * Plans the one mail that asks a lead to book again after a booking was cancelled or missed, where nothing stands
 * against it: the mail is on, the lead came through a form of ours and consented as its place asks, is not suppressed and was not stopped
 * for another reason than a booking or a reply, and no such mail went out for this booking or within 30 days.
 * Inside the caller's transaction, which holds the address lock and has stopped what ran.
 */
export async function enrollRebook(
  ctx: Context,
  tx: Db,
  input: { lead: Lead; booking: Booking },
): Promise<void> {
  const { lead, booking } = input
  const now = ctx.clock.now()
  const sequence = await currentSequence(ctx, tx, rebook.key)
  if (!sequence || lead.foldedKey === null) return
  const [step] = sequence.steps
  // The only step of a sequence stays in its definition when it is off: off means that nobody is enrolled.
  if ((await findStepsOff(tx, sequence.key)).includes(step.key)) return
  if ((await findSuppressed(tx, ctx.suppression.lookups(lead.foldedKey))).size > 0) return
  const facts = await readRebookFacts(tx, {
    leadId: lead.id,
    sequence: sequence.key,
    previousEnrollmentId: booking.rebookEnrollmentId,
    since: new Date(now.getTime() - thirtyDays),
  })
  if (facts.sourceId === null || facts.unwanted || facts.sent) return
  if (lead.flags.includes('impossible') || !(await hasConsent(ctx, tx, lead))) return
  const definitionHash = hashSequence(sequence)
  await ensureDefinition(tx, definitionHash, definitionOfSequence(sequence), now)
  // Who asked for none for a month was told so, whatever was booked since.
  const { slow, pausedUntil } = (await findEnrollments(tx, lead.id))[0] ?? usualPace
  const enrollment = await insertEnrollment(tx, {
    leadId: lead.id,
    sourceId: facts.sourceId,
    sequence: sequence.key,
    definitionHash,
    topical: false,
    slow,
    pausedUntil,
    startedAt: now,
  })
  const plan = planAtPace(step, now, zoneOf(ctx, lead), ctx.config.brand.holidays, enrollment)
  // Not `first`: it answers no form, so it overtakes nothing and keeps the gap.
  const delivery = { ...plan, enrollmentId: enrollment.id, leadId: lead.id, step: step.key, first: false }
  await insertDeliveries(tx, [delivery], now)
  await setRebookEnrollment(tx, booking.id, enrollment.id)
}

async function hasConsent(ctx: Context, tx: Db, lead: Lead): Promise<boolean> {
  const { country, phone, postalCode } = lead
  const express = needsExpressConsent({ country, phone, postalCode, timeZone: zoneOf(ctx, lead) })
  return isConsentEnough(consentBases, await listBases(tx, lead), express)
}
