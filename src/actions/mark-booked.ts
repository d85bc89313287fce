import type { Context } from '../context.ts'
import { insertAudit } from '../store/audit.ts'
import { saveBooking } from '../store/bookings.ts'
import { inTransaction } from '../store/db.ts'
import { findEnrollments } from '../store/enrollments.ts'
import { findLead, lockAddress } from '../store/leads.ts'
import { stopLead } from './stop-lead.ts'

/** Records a call that the front desk booked by phone and stops the lead. False when there is no such lead. */
export async function markBooked(ctx: Context, input: { leadId: string; actor: string }): Promise<boolean> {
  const lead = await findLead(ctx.db, input.leadId)
  if (!lead) return false
  await inTransaction(ctx.db, async (tx) => {
    if (lead.foldedKey) await lockAddress(tx, lead.foldedKey)
    const now = ctx.clock.now()
    await saveBooking(tx, {
      tool: 'front-desk',
      externalId: lead.id,
      status: 'booked',
      leadId: lead.id,
      enrollmentId: (await findEnrollments(tx, lead.id))[0]?.id ?? null,
      matchedBy: 'front-desk',
      occurredAt: now,
      createdAt: now,
    })
    await stopLead(ctx, tx, { leadId: lead.id, reason: 'booked' })
    await insertAudit(tx, { actor: input.actor, action: 'mark-booked', subject: lead.id }, now)
  })
  return true
}
