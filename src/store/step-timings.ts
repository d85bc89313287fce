import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import { auditLog, settings } from '../../drizzle/schema/index.ts'
import type { Timings } from '../core/sequence.ts'
import type { Db } from './db.ts'
import { findSetting } from './settings.ts'

/** Timings in force for new enrollments. `revision`: 1, 2, 3 …; 0 stands for those in code. */
export type PublishedTimings = { revision: number; steps: Timings; author: string; publishedAt: string }
/** By sequence. */
export type AllTimings = Record<string, PublishedTimings>
export const stepTimingsKey = 'step-timings'

/** The timings that a sequence has in place of those in code, or null. */
export async function findTimings(db: Db, sequence: string): Promise<PublishedTimings | null> {
  return (await findSetting<AllTimings>(db, stepTimingsKey))?.[sequence] ?? null
}

/** Puts timings in force in one statement, provided that `over` is still the revision in force; false when it is not. */
export async function publishTimings(
  db: Db,
  sequence: string,
  { over, steps, author }: { over: number; steps: Timings; author: string },
  now: Date,
): Promise<boolean> {
  const value = { [sequence]: { revision: over + 1, steps, author, publishedAt: now.toISOString() } }
  const inForce = sql`coalesce((${settings.value} -> ${sequence}::text ->> 'revision')::int, 0)`
  const { rows } = await db.execute(sql`
    insert into ${settings} (key, value, updated_at)
    select ${stepTimingsKey}, ${JSON.stringify(value)}::jsonb, ${now}
    where ${over}::int = 0 or exists (select from ${settings} where key = ${stepTimingsKey})
    on conflict (key) do update set value = ${settings.value} || excluded.value, updated_at = excluded.updated_at
    where ${inForce} = ${over}
    returning key`)
  return rows.length > 0
}

/** The two ways in which timings come into force, as the log names them. */
export const timingActs = { publish: 'publish-timing', goBack: 'rollback-timing' } as const

/** Timings that were published once. `from`: the revision that they were brought back from. */
export type PastTimings = {
  revision: number
  steps: Timings
  author: string
  publishedAt: Date
  from: number | null
  note: string | null
}

/** Everything that was published of a sequence's timings, the newest first: the log keeps it for ever. */
export async function listTimings(db: Db, sequence: string): Promise<PastTimings[]> {
  const rows = await db
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.subject, sequence), inArray(auditLog.action, Object.values(timingActs))))
    .orderBy(desc(auditLog.at), desc(auditLog.id))
  return rows.map(({ actor, at, detail }) => {
    const { revision, after, from, note } = detail as {
      revision: number
      after: Timings
      from?: number
      note?: string | null
    }
    return { revision, steps: after, author: actor, publishedAt: at, from: from ?? null, note: note ?? null }
  })
}
