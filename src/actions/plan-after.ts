import type { Context } from '../context.ts'
import { planAtPace } from '../core/pace.ts'
import { stepAfter } from '../core/sequence.ts'
import type { Db } from '../store/db.ts'
import type { Member } from '../store/envelope-members.ts'
import type { PlannedDelivery } from '../store/deliveries.ts'
import { definitionOf } from './definitions.ts'
import { zoneOf } from './zone-of.ts'

/** The delivery that follows a member's step, counted from `now`; null after the last one. */
export async function planAfter(
  ctx: Context,
  tx: Db,
  member: Member,
  now: Date,
): Promise<PlannedDelivery | null> {
  const next = stepAfter(await definitionOf({ db: tx }, member.definitionHash), member.step)
  if (!next) return null
  const plan = planAtPace(next, now, zoneOf(ctx, member), ctx.config.brand.holidays, member)
  return { ...plan, enrollmentId: member.enrollmentId, leadId: member.leadId, step: next.key, first: false }
}
