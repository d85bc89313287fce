import { and, desc, eq, ne, sql } from 'drizzle-orm'
import { captures, sources } from '../../drizzle/schema/index.ts'
import type { Refusals } from '../core/alert.ts'
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

/** Sets which field of the form means what; null lets it be guessed again. */
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
  form: Partial<Pick<Source, 'origins' | 'proofOfWork' | 'doubleOptIn'>>,
): Promise<void> {
  await db.update(sources).set(form).where(eq(sources.id, id))
}

/** All of them, in the order of their slugs. */
export async function listSources(db: Db): Promise<Source[]> {
  return db.select().from(sources).orderBy(sources.slug)
}

/** Sets when the front desk hears of a source's leads. */
export async function setSourceAlerts(db: Db, id: string, when: Source['alerts']): Promise<void> {
  await db.update(sources).set({ alerts: when }).where(eq(sources.id, id))
}

/**
 * Counts a request whose signature was wrong. Nothing else of it is kept. Returns how many there were since something
 * good came last, this one included.
 */
export async function countRefused(db: Db, sourceId: string, now: Date): Promise<Refusals> {
  const runs = sql`coalesce(${sources.refusedSince} > coalesce((select max(received_at) from ${captures}
    where ${captures.sourceId} = ${sourceId}), '-infinity'), false)`
  const [row] = await db
    .update(sources)
    .set({
      refusedCount: sql`${sources.refusedCount} + 1`,
      lastRefusedAt: now,
      refusedRun: sql`case when ${runs} then ${sources.refusedRun} + 1 else 1 end`,
      refusedSince: sql`case when ${runs} then ${sources.refusedSince} else ${now}::timestamptz end`,
    })
    .where(eq(sources.id, sourceId))
    .returning({ count: sources.refusedRun, since: sources.refusedSince })
  return { count: row?.count ?? 0, since: row?.since ?? now }
}

/** When the newest captures of a source came that were no test and no bot's, at most `limit` of them. */
export async function listCaptureTimes(db: Db, sourceId: string, limit: number): Promise<Date[]> {
  const rows = await db
    .select({ at: captures.receivedAt })
    .from(captures)
    .where(and(eq(captures.sourceId, sourceId), ne(captures.status, 'ignored')))
    .orderBy(desc(captures.receivedAt))
    .limit(limit)
  return rows.map(({ at }) => at)
}
