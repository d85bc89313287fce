import type { Context } from '../context.ts'
import { replanStep } from '../core/schedule.ts'
import { stepOf } from '../core/sequence.ts'
import type { Db } from '../store/db.ts'
import { findLastMails, replanDelivery } from '../store/due-deliveries.ts'
import { definitionOf } from './definitions.ts'
import { zoneOf } from './zone-of.ts'

type Due = {
  delivery: { id: string; step: string; first: boolean }
  lead: { id: string; timeZone: string | null }
  definitionHash: string
}

/**
 * Moves what would come too soon after another mail to the same lead to when the gap is over and its window open;
 * returns the rest. A sequence's first mail never waits: it answers a form just sent.
 */
export async function keepGap<T extends Due>(ctx: Context, tx: Db, claimed: readonly T[]): Promise<T[]> {
  const { minGapMs } = ctx.config.sending
  const later = claimed.filter(({ delivery }) => !delivery.first)
  if (minGapMs === 0 || later.length === 0) return [...claimed]
  const now = ctx.clock.now()
  const lastMails = await findLastMails(
    tx,
    later.map(({ delivery, lead }) => ({ id: delivery.id, leadId: lead.id })),
    now,
    new Date(now.getTime() - minGapMs),
  )
  const inTime: T[] = []
  for (const due of claimed) {
    const last = lastMails.get(due.delivery.id)
    if (!last) {
      inTime.push(due)
      continue
    }
    const { window } = stepOf(await definitionOf({ db: tx }, due.definitionHash), due.delivery.step)
    const earliest = new Date(last.getTime() + minGapMs)
    const plan = replanStep(window, earliest, zoneOf(ctx, due.lead), ctx.config.brand.holidays)
    await replanDelivery(tx, due.delivery.id, plan)
  }
  return inTime
}
