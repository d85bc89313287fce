import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { reopenEvent } from '../store/events.ts'
import { takeUpEvent } from './receive-event.ts'

/** Tries a parked event again, after its cause was mended. Throws Problem `not-found` when it is not parked. */
export async function replayEvent(ctx: Context, input: { eventId: string; actor: string }): Promise<void> {
  const { eventId, actor } = input
  await inTransaction(ctx.db, async (tx) => {
    if (!(await reopenEvent(tx, eventId))) throw new Problem('not-found', 'It is not parked any more.')
    await insertAudit(tx, { actor, action: 'replay-event', subject: eventId }, ctx.clock.now())
  })
  await takeUpEvent(ctx, eventId)
}
