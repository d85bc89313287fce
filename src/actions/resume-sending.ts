import type { Context } from '../context.ts'
import { wakeAlerts } from '../store/alerts.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { resumeSending as endPause } from '../store/pause.ts'

/** Ends the pause of all sending, whoever began it; false when there was none. What is due goes out in its windows. */
export async function resumeSending(
  ctx: Pick<Context, 'db' | 'clock' | 'wake'>,
  input: { actor: string },
): Promise<boolean> {
  const ended = await inTransaction(ctx.db, async (tx) => {
    if (!(await endPause(tx))) return false
    await wakeAlerts(tx)
    await insertAudit(tx, { actor: input.actor, action: 'resume', subject: 'sending' }, ctx.clock.now())
    return true
  })
  if (ended) ctx.wake()
  return ended
}
