import type { Context } from '../context.ts'
import type { Db } from '../store/db.ts'
import { heldReason, parkWaiting } from '../store/deliveries.ts'
import { markEnrollmentsDirty } from '../store/dispatch-marks.ts'
import { settleEnrollments } from '../store/enrollments.ts'

/**
 * Holds enrollments until a person has looked: what waits is parked in its own row, and a sealed envelope that nobody has
 * attempted is opened. Whatever the trouble, this is the one way: the step after it may be planned already, when a person
 * had let it go again. Inside the caller's transaction, which has locked the enrollments.
 */
export async function holdEnrollments(
  ctx: Pick<Context, 'clock'>,
  tx: Db,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  await settleEnrollments(tx, ids, 'held', ctx.clock.now())
  await parkWaiting(tx, ids, heldReason)
  await markEnrollmentsDirty(tx, ids)
}
