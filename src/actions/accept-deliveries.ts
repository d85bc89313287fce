import type { Context } from '../context.ts'
import { finishedAfterMs } from '../core/alert.ts'
import { planAtPace } from '../core/pace.ts'
import type { Plan } from '../core/schedule.ts'
import { stepAfter } from '../core/sequence.ts'
import { isOwn } from '../sequences/index.ts'
import { insertEnrollmentAlerts } from '../store/alerts.ts'
import type { Db } from '../store/db.ts'
import {
  acceptDeliveries as markAccepted,
  findTroubledEnrollments,
  heldReason,
  insertDeliveries,
  lockMembers,
  parkWaiting,
} from '../store/deliveries.ts'
import type { Member, PlannedDelivery } from '../store/deliveries.ts'
import { settleEnrollments, unholdEnrollments } from '../store/enrollments.ts'
import { alertTimes } from './alert-times.ts'
import { definitionOf } from './definitions.ts'
import { zoneOf } from './zone-of.ts'

/**
 * Notes that the provider took these deliveries and plans what follows, inside the caller's transaction.
 * The answer to our own call and the provider's events both end here, in any order and any number of times:
 * only the first one plans. `locked` spares a caller who has locked the members the second time.
 * An enrollment that was stopped meanwhile gets no next step.
 */
export async function acceptDeliveries(
  ctx: Context,
  tx: Db,
  accepted: readonly { id: string; providerId: string | null }[],
  locked?: readonly Member[],
): Promise<void> {
  if (accepted.length === 0) return
  const now = ctx.clock.now()
  const members =
    locked ??
    (await lockMembers(
      tx,
      accepted.map(({ id }) => id),
    ))
  const news = await markAccepted(tx, accepted, now)
  const planned: PlannedDelivery[] = []
  /** Most of an envelope is at the same step in the same zone, and planning is dear. */
  const plans = new Map<string, Plan>()
  const finished: string[] = []
  const told: string[] = []
  const held: string[] = []
  for (const member of members) {
    const { enrollmentId, enrollmentStatus, leadId, definitionHash } = member
    if (!news.has(member.id) || (enrollmentStatus !== 'active' && enrollmentStatus !== 'held')) continue
    if (enrollmentStatus === 'held') held.push(enrollmentId)
    const definition = await definitionOf({ db: tx }, definitionHash)
    const next = stepAfter(definition, member.step)
    if (!next) {
      finished.push(enrollmentId)
      // Who was asked to book again had their talk with the clinic.
      if (!isOwn(definition.key)) told.push(enrollmentId)
      continue
    }
    const zone = zoneOf(ctx, member)
    const kind = `${definitionHash} ${next.key} ${zone} ${member.slow} ${member.pausedUntil?.getTime()}`
    const plan = plans.get(kind) ?? planAtPace(next, now, zone, ctx.config.brand.holidays, member)
    plans.set(kind, plan)
    planned.push({ ...plan, enrollmentId, leadId, step: next.key, first: false })
  }
  // What held most was the doubt about this very delivery, and that is gone. A trouble with another step stays.
  const troubled = await findTroubledEnrollments(tx, held, [...news])
  await unholdEnrollments(
    tx,
    held.filter((id) => !troubled.has(id)),
  )
  await insertDeliveries(tx, planned, now)
  for (const enrollmentId of troubled) await parkWaiting(tx, enrollmentId, heldReason)
  await settleEnrollments(tx, finished, 'finished', now)
  await insertEnrollmentAlerts(
    tx,
    { kind: 'finished', enrollmentIds: told, ...alertTimes(ctx, finishedAfterMs) },
    now,
  )
}
