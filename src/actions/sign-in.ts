import { oneLine } from '../capture/text.ts'
import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { insertSession } from '../store/sessions.ts'
import { takeSignIn } from '../store/sign-ins.ts'
import { hashToken, newToken } from '../token.ts'

/**
 * Uses up a link and signs a browser in. Returns the session's token, which nothing else ever shows.
 * Throws Problem `conflict` when the link was used or is over.
 */
export async function signIn(
  ctx: Pick<Context, 'db' | 'clock'>,
  { signInId, device }: { signInId: string; device: string },
): Promise<string> {
  return inTransaction(ctx.db, async (tx) => {
    const taken = await takeSignIn(tx, signInId)
    if (!taken)
      throw new Problem('conflict', 'This link was used already, or its time is over. Ask for a new one.')
    const token = newToken()
    const { userId } = taken
    await insertSession(tx, { userId, tokenHash: hashToken(token), device: oneLine(device, 120) })
    await insertAudit(
      tx,
      { actor: `studio: ${taken.email}`, action: 'sign-in', subject: userId },
      ctx.clock.now(),
    )
    return token
  })
}
