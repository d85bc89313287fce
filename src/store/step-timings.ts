import { sql } from 'drizzle-orm'
import { settings } from '../../drizzle/schema/index.ts'
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
