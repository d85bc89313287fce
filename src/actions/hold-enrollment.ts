import type { Context } from '../context.ts'
import type { Db } from '../store/db.ts'
import { heldReason, parkWaiting } from '../store/deliveries.ts'
import { markDirty } from '../store/dispatches.ts'
import { settleEnrollments } from '../store/enrollments.ts'

/**
 * Holds an enrollment until a person has looked: what waits is parked in its own row, and a sealed envelope that
 * nobody has attempted is opened. Inside the caller's transaction, which has locked the enrollment.
 */
export async function holdEnrollment(
  ctx: Pick<Context, 'clock'>,
  tx: Db,
  input: { enrollmentId: string; leadId: string },
): Promise<void> {
  await settleEnrollments(tx, [input.enrollmentId], 'held', ctx.clock.now())
  await parkWaiting(tx, input.enrollmentId, heldReason)
  await markDirty(tx, input.leadId)
}
