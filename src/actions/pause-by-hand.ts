import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { byHand, pauseSending, putPauseNote } from '../store/pause.ts'

/**
 * Pauses all mail to leads until a person resumes. What was already handed to the provider is not called back.
 * A pause that would end by itself gives way to it.
 * Throws Problem `conflict` when sending is paused without an end already: that pause keeps its reason.
 */
export async function pauseByHand(
  ctx: Pick<Context, 'db' | 'clock'>,
  { reason, actor }: { reason: string; actor: string },
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    if (!(await pauseSending(tx, { reason: byHand, until: null }, now)))
      throw new Problem(
        'conflict',
        'Sending is paused already, until somebody resumes it. Look again for the reason.',
      )
    await putPauseNote(tx, { by: actor, why: reason }, now)
    await insertAudit(tx, { actor, action: 'pause', subject: 'sending', detail: { reason } }, now)
  })
}
