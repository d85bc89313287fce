import { sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { findSetting } from './settings.ts'

/** True while the provider wants no calls at all; on the database's own clock, as every wait for the provider is. */
export const restsNow = sql`exists (select from settings
  where key = 'rest' and (value ->> 'until')::timestamptz > clock_timestamp())`

/** Lets all workers rest for `ms`, as the provider asked; a longer rest under way stays. */
export async function restSending(db: Db, ms: number, now: Date): Promise<void> {
  await db.execute(sql`
    insert into settings (key, value, updated_at)
    values ('rest', jsonb_build_object('until', clock_timestamp() + ${ms} * interval '1 millisecond'), ${now})
    on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at
    where (settings.value ->> 'until')::timestamptz < (excluded.value ->> 'until')::timestamptz`)
}

/** ISO instant at which the rest ends, or null when there is none. */
export async function findRestEnd(db: Db): Promise<string | null> {
  return (await isResting(db)) ? (await findSetting<{ until: string }>(db, 'rest'))!.until : null
}

/** True while the provider asked for no calls at all; a pause is another matter. */
export async function isResting(db: Db): Promise<boolean> {
  const { rows } = await db.execute<{ rests: boolean }>(sql`select ${restsNow} as rests`)
  return rows[0]!.rests
}
