import type { Context } from '../context.ts'
import type { User } from '../core/user.ts'
import { useApiToken } from '../store/api-tokens.ts'
import { findSession, rotateSession } from '../store/sessions.ts'
import { hashToken, newToken } from '../token.ts'

/** How a machine's token begins, so that it is known for one wherever it turns up. */
export const apiTokenPrefix = 'nrt_'

/** Whose API token it is; null for one that is not good. */
export async function identifyMachine(
  ctx: Pick<Context, 'db' | 'clock'>,
  token: string,
): Promise<User | null> {
  if (!token.startsWith(apiTokenPrefix)) return null
  const found = await useApiToken(ctx.db, hashToken(token), ctx.clock.now())
  return found
    ? {
        id: found.id,
        email: found.name,
        role: found.role,
        actor: `token: ${found.name}`,
        sessionId: null,
      }
    : null
}

/** Whose session's token it is, with the token that takes its place if it is old; null for one that is not good. */
export async function identifyPerson(
  ctx: Pick<Context, 'db'>,
  token: string,
): Promise<{ user: User; fresh: string | null } | null> {
  const hash = hashToken(token)
  const session = await findSession(ctx.db, hash)
  if (!session) return null
  const { id, userId, email, role } = session
  const next = session.stale ? newToken() : null
  const fresh = next !== null && (await rotateSession(ctx.db, id, hash, hashToken(next))) ? next : null
  return { user: { id: userId, email, role, actor: `studio: ${email}`, sessionId: id }, fresh }
}
