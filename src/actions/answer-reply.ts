import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { answerReply as close, findReply } from '../store/replies.ts'

/** Takes a reply off the list of those without an answer, on record. False when it was off it; Problem `not-found`. */
export async function answerReply(
  ctx: Pick<Context, 'db' | 'clock'>,
  input: { replyId: string; actor: string },
): Promise<boolean> {
  const { replyId, actor } = input
  return inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    if (await close(tx, replyId, actor, now)) {
      await insertAudit(tx, { actor, action: 'answer-reply', subject: replyId }, now)
      return true
    }
    if (!(await findReply(tx, replyId))) throw new Problem('not-found', `No reply ${replyId}.`)
    return false
  })
}
