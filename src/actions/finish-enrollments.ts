import type { Context } from '../context.ts'
import { finishedAfterMs } from '../core/alert.ts'
import type { Sequence } from '../core/sequence.ts'
import { isOwn } from '../sequences/index.ts'
import { insertEnrollmentAlerts } from '../store/alerts.ts'
import type { Db } from '../store/db.ts'
import { findEnded, settleEnrollments } from '../store/enrollments.ts'
import { alertTimes } from './alert-times.ts'

/**
 * Ends those of these enrollments whose last mail went out and that have nothing left to send, and has the front desk
 * told in time. Asked after each mail that may have been the end: a person's word may have changed their order.
 */
export async function finishEnrollments(
  ctx: Context,
  tx: Db,
  members: readonly { enrollmentId: string; definitionHash: string }[],
  definitions: ReadonlyMap<string, Sequence>,
): Promise<void> {
  const asked = new Map(
    members.map(({ enrollmentId, definitionHash }) => [enrollmentId, definitions.get(definitionHash)!]),
  )
  const ended = await findEnded(
    tx,
    [...asked].map(([id, { steps }]) => ({ id, lastStep: steps.at(-1)!.key })),
  )
  const now = ctx.clock.now()
  await settleEnrollments(tx, ended, 'finished', now)
  // Who was asked to book again had their talk with the clinic.
  const told = ended.filter((id) => !isOwn(asked.get(id)!.key))
  await insertEnrollmentAlerts(
    tx,
    { kind: 'finished', enrollmentIds: told, ...alertTimes(ctx, finishedAfterMs) },
    now,
  )
}
