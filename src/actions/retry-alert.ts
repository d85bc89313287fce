import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { reviveAlert } from '../store/alerts.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'

/**
 * Lets an alert that was given up be tried again, with all its tries anew.
 * Throws Problem `not-found` when no alert of that id has failed.
 */
export async function retryAlert(
  ctx: Pick<Context, 'db' | 'clock' | 'wake'>,
  input: { alertId: string; actor: string },
): Promise<void> {
  const { alertId, actor } = input
  await inTransaction(ctx.db, async (tx) => {
    if (!(await reviveAlert(tx, alertId)))
      throw new Problem('not-found', 'This alert does not wait to be tried again.')
    await insertAudit(tx, { actor, action: 'retry-alert', subject: alertId }, ctx.clock.now())
  })
  ctx.wake()
}
