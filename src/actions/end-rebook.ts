import type { Context } from '../context.ts'
import { type Booking, setRebookEnrollment } from '../store/bookings.ts'
import type { Db } from '../store/db.ts'
import { findEnrollment } from '../store/enrollments.ts'
import { lockAddress } from '../store/contact-locks.ts'
import { findLead } from '../store/leads.ts'
import { stopLead } from './stop-lead.ts'

/**
 * Takes back the mail that was to ask a lead to book again, for a booking that turns out not to be theirs. `booking` as it
 * was known while it counted as theirs. Inside the caller's transaction, which it makes hold that lead's address lock.
 */
export async function endRebook(
  ctx: Context,
  tx: Db,
  booking: Pick<Booking, 'id' | 'rebookEnrollmentId'>,
): Promise<void> {
  const { id, rebookEnrollmentId } = booking
  if (rebookEnrollmentId === null) return
  const asked = await findEnrollment(tx, rebookEnrollmentId)
  const lead = asked && (await findLead(tx, asked.leadId))
  if (lead?.foldedKey) await lockAddress(tx, lead.foldedKey)
  const enrollment = await findEnrollment(tx, rebookEnrollmentId)
  // Nothing else of a lead runs beside it.
  if (lead && (enrollment?.status === 'active' || enrollment?.status === 'held'))
    await stopLead(ctx, tx, { leadId: lead.id, reason: 'booked' })
  await setRebookEnrollment(tx, id, null)
}
