import type { Context } from '../context.ts'
import { planStep } from '../core/schedule.ts'
import { stepAfter } from '../core/sequence.ts'
import type { Db } from '../store/db.ts'
import { acceptDeliveries as markAccepted, deliveriesById, insertDeliveries } from '../store/deliveries.ts'
import type { PlannedDelivery } from '../store/deliveries.ts'
import { lockEnrollments, settleEnrollments, unholdEnrollments } from '../store/enrollments.ts'
import { leadsById } from '../store/leads.ts'
import { definitionOf } from './definitions.ts'

/**
 * Notes that the provider took these deliveries and plans what follows, inside the caller's transaction.
 * The answer to our own call and the provider's events both end here, in any order and any number of times:
 * only the first one plans. An enrollment that was stopped meanwhile gets no next step.
 */
export async function acceptDeliveries(
  ctx: Context,
  tx: Db,
  accepted: readonly { id: string; providerId: string }[],
): Promise<void> {
  const now = ctx.clock.now()
  const known = await deliveriesById(
    tx,
    accepted.map(({ id }) => id),
  )
  const enrollments = await lockEnrollments(tx, [...new Set(known.map((row) => row.enrollmentId))])
  const news = await markAccepted(tx, accepted, now)
  const leads = await leadsById(tx, [...new Set(news.map((row) => row.leadId))])
  const planned: PlannedDelivery[] = []
  const finished: string[] = []
  const unheld: string[] = []
  for (const { enrollmentId, leadId, step } of news) {
    const enrollment = enrollments.get(enrollmentId)!
    if (enrollment.status !== 'active' && enrollment.status !== 'held') continue
    // What held it was the doubt about this delivery, and that is gone.
    if (enrollment.status === 'held') unheld.push(enrollmentId)
    const next = stepAfter(await definitionOf(ctx, enrollment.definitionHash), step)
    if (!next) {
      finished.push(enrollmentId)
      continue
    }
    const plan = planStep(next, now, leads.get(leadId)!.timeZone)
    planned.push({ ...plan, enrollmentId, leadId, step: next.key, first: false })
  }
  await unholdEnrollments(tx, unheld)
  await insertDeliveries(tx, planned, now)
  await settleEnrollments(tx, finished, 'finished', now)
}
