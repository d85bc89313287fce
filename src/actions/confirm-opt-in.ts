import type { Context } from '../context.ts'
import { bookingCourse } from '../core/booking.ts'
import { consentBases, isConsentEnough } from '../core/consent.ts'
import { outcomeOf } from '../core/enrollment.ts'
import { Problem } from '../core/problem.ts'
import { planStep } from '../core/schedule.ts'
import { definitionOfSequence, hashSequence } from '../sequences/index.ts'
import { optIn } from '../sequences/opt-in.ts'
import { listBookings } from '../store/bookings.ts'
import { closeUnconfirmed, findUnconfirmed } from '../store/captures.ts'
import { insertConsent, listBases } from '../store/consents.ts'
import { inTransaction } from '../store/db.ts'
import { insertDeliveries } from '../store/deliveries.ts'
import { ensureDefinition, findEnrollments, insertEnrollment } from '../store/enrollments.ts'
import { lockAddress } from '../store/contact-locks.ts'
import { findLeadByEnrollment } from '../store/leads.ts'
import { findSuppressed } from '../store/suppressions.ts'
import { currentSequence } from './definitions.ts'
import { zoneOf } from './zone-of.ts'

/**
 * Takes a lead's yes to the mail that asked, as proof of consent, and enrolls it as its form would have. `enrollmentId` is
 * what the link carries. Doing it twice changes nothing.
 * Throws Problem `not-found` when there is no such lead any more, and `conflict` when it unsubscribed since.
 */
export async function confirmOptIn(ctx: Context, enrollmentId: string): Promise<void> {
  const found = await findLeadByEnrollment(ctx.db, enrollmentId)
  if (!found?.foldedKey) throw gone()
  const { foldedKey } = found
  await inTransaction(ctx.db, async (tx) => {
    await lockAddress(tx, foldedKey)
    const lead = await findLeadByEnrollment(tx, enrollmentId)
    if (!lead || lead.foldedKey !== foldedKey) throw gone()
    if ((await findSuppressed(tx, ctx.suppression.lookups(foldedKey))).size > 0)
      throw new Problem(
        'conflict',
        `This address has asked not to be emailed any more. Call us instead: ${ctx.config.brand.phone}.`,
      )
    const asked = await findUnconfirmed(tx, lead.id)
    if (!asked) return
    const now = ctx.clock.now()
    await insertConsent(tx, {
      leadId: lead.id,
      captureId: asked.capture.id,
      basis: 'confirmed',
      givenAt: now,
    })
    const whole = ctx.sequences[asked.source.sequence]
    if (!whole) throw new Error(`The source ${asked.source.slug} names a sequence that is not there`)
    const { consent, again } = whole.entry ?? { consent: consentBases, again: 'once' }
    const { reopenedAt } = lead
    // As for a form: what ended before a person lifted the suppression stands against nothing.
    const past = (await findEnrollments(tx, lead.id)).filter(
      ({ sequence, endedAt }) =>
        sequence !== optIn.key && !(reopenedAt !== null && endedAt !== null && endedAt <= reopenedAt),
    )
    const outcome = outcomeOf(
      {
        sequence: whole.key,
        again,
        suppressed: false,
        enrollments: past,
        booked: bookingCourse(await listBookings(tx, lead.id), now).course !== 'none',
        impossible: lead.flags.includes('impossible'),
        consented: isConsentEnough(consent, await listBases(tx, lead), true),
        confirmed: true,
      },
      now,
    )
    await closeUnconfirmed(tx, lead.id, outcome)
    if (outcome !== 'enrolled') return
    const sequence = (await currentSequence(ctx, tx, whole.key))!
    const definitionHash = hashSequence(sequence)
    await ensureDefinition(tx, definitionHash, definitionOfSequence(sequence), now)
    const enrollment = await insertEnrollment(tx, {
      leadId: lead.id,
      sourceId: asked.source.id,
      sequence: sequence.key,
      definitionHash,
      topical: asked.source.topical,
      startedAt: now,
    })
    const [step] = sequence.steps
    const plan = planStep(step, now, zoneOf(ctx, lead), ctx.config.brand.holidays)
    const delivery = { ...plan, enrollmentId: enrollment.id, leadId: lead.id, step: step.key, first: true }
    await insertDeliveries(tx, [delivery], now)
  })
  ctx.wake()
}

const gone = () => new Problem('not-found', 'This link is not good any more. Fill in the form once more.')
