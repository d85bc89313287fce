import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { lockAddress } from '../store/contact-locks.ts'
import { findLead } from '../store/leads.ts'
import { stopLead, suppressLead } from './stop-lead.ts'

/**
 * Stops all that runs for a lead because somebody of the clinic says so; it can be resumed. Returns how many
 * enrollments were running. Throws Problem `not-found` when there is no such lead.
 */
export async function stopByStaff(ctx: Context, input: { leadId: string; actor: string }): Promise<number> {
  const lead = await findLead(ctx.db, input.leadId)
  if (!lead) throw new Problem('not-found', 'There is no such lead.')
  return inTransaction(ctx.db, async (tx) => {
    if (lead.foldedKey) await lockAddress(tx, lead.foldedKey)
    await insertAudit(tx, { actor: input.actor, action: 'stop', subject: lead.id }, ctx.clock.now())
    return stopLead(ctx, tx, { leadId: lead.id, reason: 'staff' })
  })
}

/**
 * Suppresses a lead's address because somebody of the clinic says so: nothing is mailed to it any more, whichever form
 * it comes back through. Throws Problem `not-found` when there is no such lead, or it was erased.
 */
export async function suppressByStaff(ctx: Context, input: { leadId: string; actor: string }): Promise<void> {
  const lead = await findLead(ctx.db, input.leadId)
  if (!lead?.foldedKey) throw new Problem('not-found', 'There is no such lead, or it was erased.')
  await inTransaction(ctx.db, async (tx) => {
    await suppressLead(ctx, tx, { lead, reason: 'staff', stop: 'suppressed' })
    await insertAudit(tx, { actor: input.actor, action: 'suppress', subject: lead.id }, ctx.clock.now())
  })
}
