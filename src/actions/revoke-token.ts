import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { revokeApiToken } from '../store/api-tokens.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'

/** Ends a machine's token at once. Throws Problem `not-found` when there is none that is good. */
export async function revokeToken(
  ctx: Pick<Context, 'db' | 'clock'>,
  { tokenId, actor }: { tokenId: string; actor: string },
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    if (!(await revokeApiToken(tx, tokenId, now)))
      throw new Problem('not-found', 'There is no such token, or it was revoked already.')
    await insertAudit(tx, { actor, action: 'revoke-token', subject: tokenId }, now)
  })
}
