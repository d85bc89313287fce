import type { Context } from '../context.ts'
import { inTransaction } from '../store/db.ts'
import { lockMembers, unsealDeliveries } from '../store/envelope-members.ts'
import { type Dispatch, resolveDispatch } from '../store/dispatches.ts'

/**
 * Opens an envelope of which the provider certainly took nothing: its deliveries wait again, those of stopped leads
 * are cancelled. `groupLimit` sets the most that may share their next envelope, null leaves it.
 * Does nothing when a newer attempt has begun.
 */
export async function openDispatch(
  ctx: Pick<Context, 'db' | 'clock' | 'wake'>,
  dispatch: Pick<Dispatch, 'id' | 'fence' | 'deliveryIds'>,
  input: { groupLimit: number | null; reason: string },
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    await lockMembers(tx, dispatch.deliveryIds)
    const ours = await resolveDispatch(
      tx,
      dispatch.id,
      dispatch.fence,
      'opened',
      input.reason,
      ctx.clock.now(),
    )
    if (ours) await unsealDeliveries(tx, dispatch.id, input.groupLimit)
  })
  ctx.wake()
}
