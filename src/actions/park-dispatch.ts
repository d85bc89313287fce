import type { Context } from '../context.ts'
import { inTransaction } from '../store/db.ts'
import { hasSealed, lockMembers, parkSealed } from '../store/envelope-members.ts'
import { type Dispatch, resolveDispatch } from '../store/dispatches.ts'
import { holdEnrollments } from './hold-enrollments.ts'

/**
 * Gives a dispatch of which nobody can say whether it went out to a person: its open deliveries are parked and their
 * enrollments held. It is never sent again by itself. When events have told of every member there is nothing to ask
 * a person, and it counts as accepted. Does nothing when a newer attempt has begun.
 */
export async function parkDispatch(
  ctx: Pick<Context, 'db' | 'clock' | 'log'>,
  dispatch: Pick<Dispatch, 'id' | 'fence' | 'deliveryIds'>,
  reason: string,
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    await lockMembers(tx, dispatch.deliveryIds)
    const doubtful = await hasSealed(tx, dispatch.id)
    const status = doubtful ? 'parked' : 'accepted'
    if (!(await resolveDispatch(tx, dispatch.id, dispatch.fence, status, reason, now)) || !doubtful) return
    await holdEnrollments(ctx, tx, await parkSealed(tx, dispatch.id, reason))
    ctx.log.error({ dispatch: dispatch.id, reason }, 'dispatch parked')
  })
}
