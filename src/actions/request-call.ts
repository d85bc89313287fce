import type { Context } from '../context.ts'
import { insertAlert } from '../store/alerts.ts'
import { latestCaptureId } from '../store/captures.ts'
import { findDelivery } from '../store/deliveries.ts'

/** Tells the front desk that a lead asked to be called. Asking again while the first request still waits adds nothing. */
export async function requestCall(ctx: Context, deliveryId: string): Promise<void> {
  const delivery = await findDelivery(ctx.db, deliveryId)
  const captureId = delivery && (await latestCaptureId(ctx.db, delivery.leadId))
  if (!captureId) return
  await insertAlert(ctx.db, { kind: 'call-me', captureId, reason: null }, ctx.clock.now())
  ctx.wake()
}
