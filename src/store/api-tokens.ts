import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import { apiTokens } from '../../drizzle/schema/index.ts'
import type { Role } from '../core/user.ts'
import type { Db } from './db.ts'

export type ApiToken = {
  id: string
  name: string
  role: Role
  createdBy: string
  createdAt: Date
  lastUsedAt: Date | null
}

const shown = {
  id: apiTokens.id,
  name: apiTokens.name,
  role: apiTokens.role,
  createdBy: apiTokens.createdBy,
  createdAt: apiTokens.createdAt,
  lastUsedAt: apiTokens.lastUsedAt,
}

/** Stores a token by its hash alone: the token itself is kept nowhere. */
export async function insertApiToken(
  db: Db,
  token: { name: string; tokenHash: Buffer; role: Role; createdBy: string },
  now: Date,
): Promise<ApiToken> {
  const [row] = await db
    .insert(apiTokens)
    .values({ ...token, createdAt: now })
    .returning(shown)
  return row!
}

/** Whose token it is, or null. That it was used is noted once a minute. */
export async function useApiToken(db: Db, tokenHash: Buffer, now: Date): Promise<ApiToken | null> {
  const [row] = await db
    .select(shown)
    .from(apiTokens)
    .where(and(eq(apiTokens.tokenHash, tokenHash), isNull(apiTokens.revokedAt)))
  if (row && (row.lastUsedAt === null || now.getTime() - row.lastUsedAt.getTime() > 60_000))
    await db.update(apiTokens).set({ lastUsedAt: now }).where(eq(apiTokens.id, row.id))
  return row ?? null
}

/** Tokens that are good, the newest first. */
export async function listApiTokens(db: Db): Promise<ApiToken[]> {
  return db.select(shown).from(apiTokens).where(isNull(apiTokens.revokedAt)).orderBy(desc(apiTokens.id))
}

/** Revokes a token; false when there is none that is good. */
export async function revokeApiToken(db: Db, id: string, now: Date): Promise<boolean> {
  const rows = await db
    .update(apiTokens)
    .set({ revokedAt: now })
    .where(sql`${apiTokens.id} = ${id} and ${apiTokens.revokedAt} is null`)
    .returning({ id: apiTokens.id })
  return rows.length > 0
}
