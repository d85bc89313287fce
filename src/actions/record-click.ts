import type { Context } from '../context.ts'
import { unbookedAfterMs } from '../core/alert.ts'
import { burst, isEarly } from '../core/click.ts'
import { insertEnrollmentAlerts } from '../store/alerts.ts'
import { countClicks, discountClicks, insertClick, lockClicks } from '../store/clicks.ts'
import { inTransaction } from '../store/db.ts'
import { findDelivery } from '../store/deliveries.ts'
import { alertTimes } from './alert-times.ts'

/**
 * Stores that the booking button of a mail was followed. What a scanner did, by its timing, is stored as that and counts
 * for nothing. A click changes nothing of what its lead is sent.
 */
export async function recordClick(
  ctx: Pick<Context, 'db' | 'clock' | 'config'>,
  deliveryId: string,
): Promise<void> {
  const delivery = await findDelivery(ctx.db, deliveryId)
  if (!delivery) return
  const { leadId, enrollmentId, acceptedAt } = delivery
  const at = ctx.clock.now()
  const since = new Date(at.getTime() - burst.withinMs)
  await inTransaction(ctx.db, async (tx) => {
    await lockClicks(tx, leadId)
    const count = await countClicks(tx, leadId, since)
    if (count >= burst.kept) return
    const discount = isEarly(acceptedAt, at) ? 'early' : null
    await insertClick(tx, { deliveryId, leadId, discount, at })
    // Whether it was a person's, and came to nothing, is seen when it is due.
    if (discount === null)
      await insertEnrollmentAlerts(
        tx,
        { kind: 'unbooked-click', enrollmentIds: [enrollmentId], ...alertTimes(ctx, unbookedAfterMs) },
        at,
      )
    if (count + 1 >= burst.clicks) await discountClicks(tx, leadId, since, 'burst')
  })
}
