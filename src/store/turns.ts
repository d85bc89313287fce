import { sql } from 'drizzle-orm'
import { settings } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'

/**
 * True for one caller in `everyMs`, over all processes, on the database's own clock. Who comes too early only reads: a
 * write that changes nothing would still be waited for on the disk.
 */
export async function takeTurn(db: Db, key: string, everyMs: number, now: Date): Promise<boolean> {
  const at = sql`(settings.value ->> 'at')::timestamptz`
  // One that lies ahead was noted by another clock, before a failover.
  const isOver = sql`(${at} < clock_timestamp() - ${everyMs} * interval '1 millisecond' or ${at} > clock_timestamp())`
  const { rows } = await db.execute(sql`
    insert into settings (key, value, updated_at)
    select ${key}, jsonb_build_object('at', clock_timestamp()), ${now}::timestamptz
    where not exists (select from settings where key = ${key} and not ${isOver})
    on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at where ${isOver}
    returning key`)
  return rows.length > 0
}

/** Milliseconds since somebody took this turn, on the database's own clock; null when nobody has. */
export async function readTurnAge(db: Db, key: string): Promise<number | null> {
  const { rows } = await db.execute<{ ms: number }>(sql`
    select (extract(epoch from clock_timestamp() - (value ->> 'at')::timestamptz) * 1000)::float8 as ms
    from ${settings} where key = ${key}`)
  return rows[0]?.ms ?? null
}
