import type { Context } from '../context.ts'
import { monthAfter, type Pace, planAtPace, usualPace } from '../core/pace.ts'
import { replanStep } from '../core/schedule.ts'
import { stepOf } from '../core/sequence.ts'
import { type Db, inTransaction } from '../store/db.ts'
import { type Delivery, findDelivery } from '../store/deliveries.ts'
import { reopenUntaken } from '../store/dispatch-marks.ts'
import { lockAddress } from '../store/contact-locks.ts'
import { findLead, type Lead } from '../store/leads.ts'
import { findPaces, listAhead, moveDelivery, setPace } from '../store/pace.ts'
import { definitionOf } from './definitions.ts'
import { zoneOf } from './zone-of.ts'

/** pause: nothing for a month; fewer: twice the time between two mails; usual: as it was in the beginning. */
export const paceChanges = ['pause', 'fewer', 'usual'] as const
export type PaceChange = (typeof paceChanges)[number]

/** How the lead of a link gets its mails, and its zone; null when nothing runs, or it was erased. */
export async function readPace(
  ctx: Pick<Context, 'config' | 'db' | 'clock'>,
  deliveryId: string,
): Promise<(Pace & { timeZone: string }) | null> {
  const lead = await leadOf(ctx, deliveryId)
  const [pace] = lead ? await findPaces(ctx.db, lead.id) : []
  if (!lead || !pace) return null
  const isOver = pace.pausedUntil !== null && pace.pausedUntil <= ctx.clock.now()
  return { slow: pace.slow, pausedUntil: isOver ? null : pace.pausedUntil, timeZone: zoneOf(ctx, lead) }
}

/**
 * Changes how a lead gets the mails of what runs, because it asked to; `deliveryId` is what its link carries. What
 * waits is moved in its own rows, and what is sealed and was surely not taken yet is opened. Doing it twice is no error, nor is
 * it when nothing runs any more.
 */
export async function changePace(
  ctx: Context,
  input: { deliveryId: string; change: PaceChange },
): Promise<void> {
  const lead = await leadOf(ctx, input.deliveryId)
  if (!lead?.foldedKey) return
  const zone = zoneOf(ctx, lead)
  const pace: Record<PaceChange, Partial<Pace>> = {
    pause: { pausedUntil: monthAfter(ctx.clock.now(), zone) },
    fewer: { slow: true },
    usual: usualPace,
  }
  await inTransaction(ctx.db, async (tx) => {
    await lockAddress(tx, lead.foldedKey!)
    const running = await setPace(tx, lead.id, pace[input.change])
    const ahead = await listAhead(
      tx,
      running.map(({ id }) => id),
    )
    for (const delivery of ahead) {
      const enrollment = running.find(({ id }) => id === delivery.enrollmentId)!
      await move(ctx, tx, { delivery, enrollment, zone, sooner: input.change === 'usual' })
    }
    await reopenUntaken(tx, lead.id)
  })
  ctx.wake()
}

async function leadOf(ctx: Pick<Context, 'db'>, deliveryId: string): Promise<Lead | null> {
  const delivery = await findDelivery(ctx.db, deliveryId)
  return delivery && findLead(ctx.db, delivery.leadId)
}

type Move = {
  delivery: Delivery
  enrollment: Pace & { definitionHash: string }
  zone: string
  /** It may come earlier than it was to. */
  sooner: boolean
}

/** A delivery's row was made when the step before it was accepted: from then on its delay is counted. */
async function move(ctx: Context, tx: Db, { delivery, enrollment, zone, sooner }: Move): Promise<void> {
  const { holidays } = ctx.config.brand
  const step = stepOf(await definitionOf({ db: tx }, enrollment.definitionHash), delivery.step)
  const plan = planAtPace(step, delivery.createdAt, zone, holidays, enrollment)
  const now = ctx.clock.now()
  if (!sooner && plan.dueAt <= delivery.dueAt) return
  await moveDelivery(
    tx,
    delivery.id,
    sooner && plan.dueAt < now ? replanStep(step.window, now, zone, holidays) : plan,
  )
}
