import type { Context } from '../context.ts'
import { inTransaction } from '../store/db.ts'
import { findDelivery } from '../store/deliveries.ts'
import { findLead } from '../store/leads.ts'
import { suppressLead } from './stop-lead.ts'

/**
 * Takes a lead off for good; `deliveryId` is what its link carries. Doing it twice is no error. False after erasure: there
 * is no address left to suppress.
 */
export async function unsubscribe(ctx: Context, deliveryId: string): Promise<boolean> {
  const delivery = await findDelivery(ctx.db, deliveryId)
  const lead = delivery && (await findLead(ctx.db, delivery.leadId))
  if (!lead?.foldedKey) return false
  await inTransaction(ctx.db, (tx) =>
    suppressLead(ctx, tx, { lead, reason: 'unsubscribed', stop: 'unsubscribed' }),
  )
  return true
}
