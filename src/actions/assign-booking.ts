import type { Context } from '../context.ts'
import { emailKey, foldedEmailKey } from '../core/email-address.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { assignBooking as setLead, creditBooking, findBookingById, lockBookings } from '../store/bookings.ts'
import { inTransaction } from '../store/db.ts'
import { findEnrollments } from '../store/enrollments.ts'
import { lockAddress } from '../store/contact-locks.ts'
import { findLeadByEmail } from '../store/leads.ts'
import { endRebook } from './end-rebook.ts'
import { followBookings } from './follow-bookings.ts'

/**
 * A person's word on whose a booking is; no event overrules it. That lead's mails follow the booking at once. A lead
 * who was stopped because of it before stays stopped, and is not asked to book again.
 * Throws Problem `not-found` for an unknown booking or address, and `conflict` for a booking that goes on under another id.
 */
export async function assignBooking(
  ctx: Context,
  input: { bookingId: string; email: string; actor: string },
): Promise<void> {
  const found = await findBookingById(ctx.db, input.bookingId)
  if (!found) throw new Problem('not-found', `No booking ${input.bookingId}.`)
  if (found.status === 'moved')
    throw new Problem('conflict', 'This booking was moved: assign the one it became.')
  await inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    await lockBookings(tx, found.tool, [found.externalId])
    const before = await findBookingById(tx, found.id)
    await lockAddress(tx, foldedEmailKey(input.email))
    const lead = await findLeadByEmail(tx, emailKey(input.email))
    if (!lead) throw new Problem('not-found', 'No lead has that address.')
    const enrollmentId = (await findEnrollments(tx, lead.id))[0]?.id ?? null
    if (before && before.leadId !== lead.id) await endRebook(ctx, tx, before)
    await setLead(tx, found.id, { leadId: lead.id, enrollmentId, matchedBy: 'person' })
    await creditBooking(tx, found.id)
    await followBookings(ctx, tx, { lead, stands: found.stood })
    const detail = { from: found.leadId, to: lead.id }
    await insertAudit(tx, { actor: input.actor, action: 'assign-booking', subject: found.id, detail }, now)
  })
  ctx.wake()
}
