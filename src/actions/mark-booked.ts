import type { Context } from '../context.ts'
import { insertAudit } from '../store/audit.ts'
import { creditBooking, findBooking, lockBookings, putBooking } from '../store/bookings.ts'
import { inTransaction } from '../store/db.ts'
import { findEnrollments } from '../store/enrollments.ts'
import { lockAddress } from '../store/contact-locks.ts'
import { findLead } from '../store/leads.ts'
import { stopLead } from './stop-lead.ts'

/** What stands in a booking for the tool when no tool was used. */
const tool = 'front-desk'

/** Records a call that the front desk booked by phone and stops the lead. False when there is no such lead. */
export async function markBooked(ctx: Context, input: { leadId: string; actor: string }): Promise<boolean> {
  const lead = await findLead(ctx.db, input.leadId)
  if (!lead) return false
  await inTransaction(ctx.db, async (tx) => {
    await lockBookings(tx, tool, [lead.id])
    if (lead.foldedKey) await lockAddress(tx, lead.foldedKey)
    const now = ctx.clock.now()
    const before = await findBooking(tx, tool, lead.id)
    const booking = await putBooking(tx, {
      tool,
      externalId: lead.id,
      status: 'booked',
      stood: true,
      movedTo: null,
      startsAt: null,
      cancelledBy: null,
      revision: null,
      emailKey: null,
      phone: null,
      leadId: lead.id,
      enrollmentId: (await findEnrollments(tx, lead.id))[0]?.id ?? null,
      deliveryId: null,
      matchedBy: 'front-desk',
      matchedAt: now,
      doubt: null,
      occurredAt: now,
      bookedAt: before?.bookedAt ?? now,
      createdAt: before?.createdAt ?? now,
    })
    await creditBooking(tx, booking.id)
    await stopLead(ctx, tx, { leadId: lead.id, reason: 'booked' })
    await insertAudit(tx, { actor: input.actor, action: 'mark-booked', subject: lead.id }, now)
  })
  return true
}
