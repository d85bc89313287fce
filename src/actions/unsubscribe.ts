import type { Context } from '../context.ts'
import { inTransaction } from '../store/db.ts'
import { findDelivery } from '../store/deliveries.ts'
import { findLead } from '../store/leads.ts'
import { suppressLead } from './stop-lead.ts'

/** Takes a lead off for good; `deliveryId` is what its link carries. Doing it twice, or after erasure, is no error. */
export async function unsubscribe(ctx: Context, deliveryId: string): Promise<void> {
  const delivery = await findDelivery(ctx.db, deliveryId)
  const lead = delivery && (await findLead(ctx.db, delivery.leadId))
  if (!lead) return
  await inTransaction(ctx.db, (tx) =>
    suppressLead(ctx, tx, { lead, reason: 'unsubscribed', stop: 'unsubscribed' }),
  )
}
