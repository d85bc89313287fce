import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import type { Role } from '../core/user.ts'
import { type ApiToken, insertApiToken } from '../store/api-tokens.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { hashToken, newToken } from '../token.ts'
import { apiTokenPrefix } from './identify.ts'

/** Makes a token for a machine. `secret` is shown this once and kept nowhere. Throws Problem `invalid` without a name. */
export async function addToken(
  ctx: Pick<Context, 'db' | 'clock'>,
  { name, role, actor }: { name: string; role: Role; actor: string },
): Promise<{ token: ApiToken; secret: string }> {
  if (name === '')
    throw new Problem('invalid', 'Give the token a name that says what uses it.', [
      { field: 'name', message: 'is missing' },
    ])
  const secret = `${apiTokenPrefix}${newToken()}`
  const token = await inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    const made = await insertApiToken(tx, { name, role, tokenHash: hashToken(secret), createdBy: actor }, now)
    await insertAudit(tx, { actor, action: 'add-token', subject: made.id, detail: { name, role } }, now)
    return made
  })
  return { token, secret }
}
