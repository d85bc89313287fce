import type { Context } from '../context.ts'
import { planAtPace } from '../core/pace.ts'
import type { Plan } from '../core/schedule.ts'
import { type Sequence, type Step, stepAfter } from '../core/sequence.ts'
import type { Db } from '../store/db.ts'
import { acceptDeliveries as markAccepted, lockMembers, type Member } from '../store/envelope-members.ts'
import { findTroubledEnrollments } from '../store/troubled-deliveries.ts'
import { heldReason, parkWaiting, type PlannedDelivery } from '../store/deliveries.ts'
import { definitionsOf } from './definitions.ts'
import { finishEnrollments } from './finish-enrollments.ts'
import { releaseEnrollments } from './release-enrollments.ts'
import { zoneOf } from './zone-of.ts'

export type Accepted = { id: string; providerId: string | null }

/**
 * Notes that the provider took these deliveries and plans what follows, inside the caller's transaction.
 * The answer to our own call and the provider's events both end here, in any order and any number of times:
 * only the first one plans. An enrollment that was stopped meanwhile gets no next step.
 */
export async function acceptDeliveries(ctx: Context, tx: Db, accepted: readonly Accepted[]): Promise<void> {
  if (accepted.length === 0) return
  const members = await lockMembers(
    tx,
    accepted.map(({ id }) => id),
  )
  const { told, more } = tellAccepted(ctx, tx, accepted, members, await definitionsOf({ db: tx }, members))
  await told
  await more?.()
}

/**
 * The same for `members` that are locked, in one statement that is sent before this returns. `more` is what is left to
 * do once it is answered: null for an envelope of which nothing is held, nothing finished and nothing was let go again.
 */
export function tellAccepted(
  ctx: Context,
  tx: Db,
  accepted: readonly Accepted[],
  members: readonly Member[],
  definitions: ReadonlyMap<string, Sequence>,
): { told: Promise<unknown>; more: (() => Promise<void>) | null } {
  const now = ctx.clock.now()
  const runs = members.filter((member) => ['active', 'held'].includes(member.enrollmentStatus))
  const { planned, last } = planFollowing(ctx, runs, definitions, now)
  const held = runs.filter((member) => member.enrollmentStatus === 'held')
  const told = markAccepted(tx, accepted, planned, now)
  // What follows a mail that a person let go again was planned when it went out before.
  const again = runs.filter((member) => member.retried)
  if (held.length + last.length + again.length === 0) return { told, more: null }
  return {
    told,
    async more() {
      const news = await told
      await release(
        tx,
        held.filter(({ id }) => news.has(id)),
        news,
      )
      await finishEnrollments(
        ctx,
        tx,
        [...last, ...again].filter(({ id }) => news.has(id)),
        definitions,
      )
    },
  }
}

/** What follows each member's step, and those whose step was the last. */
function planFollowing(
  ctx: Context,
  members: readonly Member[],
  definitions: ReadonlyMap<string, Sequence>,
  now: Date,
): { planned: (PlannedDelivery & { after: string })[]; last: Member[] } {
  const planned: (PlannedDelivery & { after: string })[] = []
  const last: Member[] = []
  /** By step, zone and pace: most of an envelope is alike, and planning is dear. */
  const plans = new Map<Step, Map<string, Plan>>()
  for (const member of members) {
    const { id, enrollmentId, leadId, definitionHash, slow, pausedUntil } = member
    const next = stepAfter(definitions.get(definitionHash)!, member.step)
    if (!next) {
      last.push(member)
      continue
    }
    const alike = plans.get(next) ?? new Map<string, Plan>()
    plans.set(next, alike)
    const zone = zoneOf(ctx, member)
    const kind = slow || pausedUntil ? `${zone} ${slow} ${pausedUntil?.getTime()}` : zone
    const plan = alike.get(kind) ?? planAtPace(next, now, zone, ctx.config.brand.holidays, member)
    alike.set(kind, plan)
    planned.push({ ...plan, after: id, enrollmentId, leadId, step: next.key, first: false })
  }
  return { planned, last }
}

/** What held most was the doubt about this very delivery, and that is gone. A trouble with another step stays. */
async function release(tx: Db, held: readonly Member[], news: ReadonlySet<string>): Promise<void> {
  const ids = held.map(({ enrollmentId }) => enrollmentId)
  const troubled = await findTroubledEnrollments(tx, ids, [...news])
  await releaseEnrollments(
    tx,
    ids.filter((id) => !troubled.has(id)),
  )
  if (troubled.size > 0) await parkWaiting(tx, [...troubled], heldReason)
}
