import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import type { User } from '../core/user.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { deleteSession } from '../store/sessions.ts'

/** Ends one of a user's own sessions. Throws Problem `not-found` when there is none such. */
export async function signOut(
  ctx: Pick<Context, 'db' | 'clock'>,
  { user, sessionId }: { user: User; sessionId: string },
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    if (!(await deleteSession(tx, user.id, sessionId)))
      throw new Problem('not-found', 'This session is over already.')
    await insertAudit(tx, { actor: user.actor, action: 'sign-out', subject: sessionId }, ctx.clock.now())
  })
}
