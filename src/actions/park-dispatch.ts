import type { Context } from '../context.ts'
import { inTransaction } from '../store/db.ts'
import { deliveriesById, parkSealed } from '../store/deliveries.ts'
import { type Dispatch, resolveDispatch } from '../store/dispatches.ts'
import { lockEnrollments, settleEnrollments } from '../store/enrollments.ts'

/**
 * Gives a dispatch of which nobody can say whether it went out to a person: its open deliveries are parked and their
 * enrollments held. It is never sent again by itself. Does nothing when a newer attempt has begun.
 */
export async function parkDispatch(
  ctx: Pick<Context, 'db' | 'clock' | 'log'>,
  dispatch: Pick<Dispatch, 'id' | 'fence' | 'deliveryIds'>,
  reason: string,
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    const members = await deliveriesById(tx, dispatch.deliveryIds)
    await lockEnrollments(tx, [...new Set(members.map((row) => row.enrollmentId))])
    if (!(await resolveDispatch(tx, dispatch.id, dispatch.fence, 'parked', reason, now))) return
    await settleEnrollments(tx, await parkSealed(tx, dispatch.id, reason), 'held', now)
    ctx.log.error({ dispatch: dispatch.id, reason }, 'dispatch parked')
  })
}
