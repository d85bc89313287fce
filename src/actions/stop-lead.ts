import type { Context } from '../context.ts'
import type { StopReason, SuppressionReason } from '../core/enrollment.ts'
import { cancelWaiting } from '../store/deliveries.ts'
import type { Db } from '../store/db.ts'
import { markDirty } from '../store/dispatch-marks.ts'
import { stopEnrollments } from '../store/enrollments.ts'
import { lockAddress } from '../store/contact-locks.ts'
import { findLeadIdsByFoldedKey, type Lead } from '../store/leads.ts'
import { insertSuppression } from '../store/suppressions.ts'

/**
 * Stops all that runs for a lead, inside the caller's transaction. Once that commits, no first attempt starts that
 * includes the lead: waiting deliveries are cancelled in their own rows, where a claim must look, and sealed
 * envelopes that nobody has attempted are marked, so that their start is refused.
 * The caller has taken the address lock. Returns how many enrollments were running.
 */
export async function stopLead(
  ctx: Pick<Context, 'clock'>,
  tx: Db,
  input: { leadId: string; reason: StopReason },
): Promise<number> {
  const stopped = await stopEnrollments(tx, input.leadId, input.reason, ctx.clock.now())
  await cancelWaiting(tx, input.leadId, input.reason)
  await markDirty(tx, input.leadId)
  return stopped.length
}

/**
 * Suppresses a lead's address and stops every lead that suppression takes for the same address,
 * inside the caller's transaction, which it makes hold the address lock.
 */
export async function suppressLead(
  ctx: Pick<Context, 'clock' | 'suppression'>,
  tx: Db,
  input: { lead: Lead; reason: SuppressionReason; stop: StopReason },
): Promise<void> {
  const { foldedKey } = input.lead
  if (foldedKey === null) return
  await lockAddress(tx, foldedKey)
  await insertSuppression(tx, ctx.suppression.hash(foldedKey), input.reason, ctx.clock.now())
  for (const leadId of (await findLeadIdsByFoldedKey(tx, foldedKey)).sort())
    await stopLead(ctx, tx, { leadId, reason: input.stop })
}
