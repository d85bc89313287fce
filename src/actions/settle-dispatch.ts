import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { listParkedMembers } from '../store/envelope-members.ts'
import { settleDelivery, type SettleChoice } from './settle-delivery.ts'

/**
 * A person's word on all mails of an envelope that is parked. Those whose lead was stopped meanwhile are left alone.
 * Returns how many it settled.
 */
export async function settleDispatch(
  ctx: Context,
  input: { dispatchId: string; choice: SettleChoice; actor: string },
): Promise<number> {
  let settled = 0
  for (const deliveryId of await listParkedMembers(ctx.db, input.dispatchId)) {
    try {
      await settleDelivery(ctx, { deliveryId, choice: input.choice, actor: input.actor })
      settled++
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'conflict') throw error
    }
  }
  return settled
}
