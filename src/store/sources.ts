import { eq, sql } from 'drizzle-orm'
import { sources } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'

export type Source = typeof sources.$inferSelect
export type NewSource = Omit<typeof sources.$inferInsert, 'id' | 'refusedCount' | 'lastRefusedAt'>

/** The source of that slug, or null. */
export async function findSource(db: Db, slug: string): Promise<Source | null> {
  const [row] = await db.select().from(sources).where(eq(sources.slug, slug))
  return row ?? null
}

/** The same by its id. */
export async function findSourceById(db: Db, id: string): Promise<Source | null> {
  const [row] = await db.select().from(sources).where(eq(sources.id, id))
  return row ?? null
}

/** Stores a source unless its slug is taken; returns the one that is there now. */
export async function ensureSource(db: Db, source: NewSource): Promise<Source> {
  await db.insert(sources).values(source).onConflictDoNothing({ target: sources.slug })
  return (await findSource(db, source.slug))!
}

/** The same, locked until the transaction ends. */
export async function lockSource(db: Db, slug: string): Promise<Source | null> {
  const [row] = await db.select().from(sources).where(eq(sources.slug, slug)).for('update')
  return row ?? null
}

export async function setMapping(db: Db, id: string, mapping: Source['mapping']): Promise<void> {
  await db.update(sources).set({ mapping }).where(eq(sources.id, id))
}

/** Sets the secrets that verify a source, the newest first. */
export async function setSecrets(db: Db, id: string, secrets: string[]): Promise<void> {
  await db.update(sources).set({ secrets }).where(eq(sources.id, id))
}

/** Changes how a public form may be sent. */
export async function setForm(
  db: Db,
  id: string,
  form: Partial<Pick<Source, 'origins' | 'proofOfWork'>>,
): Promise<void> {
  await db.update(sources).set(form).where(eq(sources.id, id))
}

export async function listSources(db: Db): Promise<Source[]> {
  return db.select().from(sources).orderBy(sources.slug)
}

/** Counts a request whose signature was wrong. Nothing else of it is kept. */
export async function countRefused(db: Db, sourceId: string, now: Date): Promise<void> {
  await db
    .update(sources)
    .set({ refusedCount: sql`${sources.refusedCount} + 1`, lastRefusedAt: now })
    .where(eq(sources.id, sourceId))
}
