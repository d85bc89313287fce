import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { type Db, inTransaction } from '../store/db.ts'
import { findDelivery, insertDeliveries, retryDelivery, skipDelivery } from '../store/deliveries.ts'
import { lockMembers, type Member } from '../store/envelope-members.ts'
import { lockAddress } from '../store/contact-locks.ts'
import { findLead } from '../store/leads.ts'
import { findTroubledEnrollments } from '../store/troubled-deliveries.ts'
import { acceptDeliveries } from './accept-deliveries.ts'
import { definitionsOf } from './definitions.ts'
import { finishEnrollments } from './finish-enrollments.ts'
import { holdEnrollments } from './hold-enrollments.ts'
import { planAfter } from './plan-after.ts'
import { releaseEnrollments } from './release-enrollments.ts'

export const settleChoices = ['retry', 'skip', 'sent'] as const
export type SettleChoice = (typeof settleChoices)[number]

/**
 * A person's word on a delivery that failed or is parked: `retry` sends it again (only they can know that it did not
 * arrive), `skip` goes on with the next step, and `sent`, for a parked one, says that it did arrive. Whichever it is,
 * the enrollment runs again, or ends when nothing is left of it; while another of its mails is in trouble it is held.
 * Throws Problem `not-found` for an unknown id, and `conflict` when the delivery needs no word or its lead was stopped.
 */
export async function settleDelivery(
  ctx: Context,
  input: { deliveryId: string; choice: SettleChoice; actor: string },
): Promise<void> {
  const delivery = await findDelivery(ctx.db, input.deliveryId)
  if (!delivery) throw new Problem('not-found', `No delivery ${input.deliveryId}.`)
  const lead = await findLead(ctx.db, delivery.leadId)
  await inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    if (lead?.foldedKey) await lockAddress(tx, lead.foldedKey)
    const [member] = await lockMembers(tx, [delivery.id])
    if (member?.status !== 'failed' && member?.status !== 'parked')
      throw new Problem('conflict', 'This delivery neither failed nor is parked.')
    const isOver = member.enrollmentStatus === 'finished' && input.choice === 'skip'
    if (member.enrollmentStatus !== 'held' && member.enrollmentStatus !== 'active' && !isOver)
      throw new Problem('conflict', `Its enrollment is ${member.enrollmentStatus}: nothing more is sent.`)
    if (input.choice === 'sent' && member.status !== 'parked')
      throw new Problem('conflict', 'The provider said that it failed, so it did not arrive.')
    if (input.choice === 'sent')
      await acceptDeliveries(ctx, tx, [{ id: delivery.id, providerId: delivery.providerId }])
    if (input.choice === 'skip') {
      await skipDelivery(tx, delivery.id)
      const next = isOver ? null : await planAfter(ctx, tx, member, now)
      if (next) await insertDeliveries(tx, [next], now)
    }
    if (!isOver) await goOn(ctx, tx, member)
    // At last: it goes out although another mail may hold all that waits.
    if (input.choice === 'retry') await retryDelivery(tx, delivery.id, now)
    await insertAudit(
      tx,
      { actor: input.actor, action: `delivery-${input.choice}`, subject: delivery.id },
      now,
    )
  })
  ctx.wake()
}

/** Lets the enrollment run again, unless another of its mails waits for a person's word too. */
async function goOn(ctx: Context, tx: Db, member: Member): Promise<void> {
  const { id, enrollmentId } = member
  if ((await findTroubledEnrollments(tx, [enrollmentId], [id])).size > 0)
    return holdEnrollments(ctx, tx, [enrollmentId])
  await releaseEnrollments(tx, [enrollmentId])
  await finishEnrollments(ctx, tx, [member], await definitionsOf({ db: tx }, [member]))
}
