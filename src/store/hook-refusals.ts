import { sql } from 'drizzle-orm'
import type { Refusals } from '../core/alert.ts'
import type { Db } from './db.ts'

/** One row of the settings a tool: how often it was refused in all, and the run since something good came last. */
const prefix = 'hook-refusals:'

/**
 * Counts a call of a tool's webhook whose signature was wrong; nothing else of it is kept. Calls within a second of one
 * that was counted, by the database's own clock, are not: whoever forges many makes few writes. Returns how many there
 * were since something good came last, or null when this one was not counted.
 */
export async function countHookRefused(db: Db, tool: string, now: Date): Promise<Refusals | null> {
  const key = prefix + tool
  const at = sql`(settings.value ->> 'at')::timestamptz`
  // One that lies ahead was noted by another clock, before a failover.
  const isOver = sql`(${at} < clock_timestamp() - interval '1 second' or ${at} > clock_timestamp())`
  const first = { count: 1, run: 1, since: now.toISOString(), last: now.toISOString() }
  const { rows } = await db.execute<{ run: number; since: string }>(sql`
    insert into settings (key, value, updated_at)
    select ${key}, ${JSON.stringify(first)}::jsonb || jsonb_build_object('at', clock_timestamp()), ${now}::timestamptz
    where not exists (select from settings where key = ${key} and not ${isOver})
    on conflict (key) do update set updated_at = excluded.updated_at,
      value = excluded.value || jsonb_build_object(
        'count', (settings.value ->> 'count')::int + 1,
        'run', coalesce((settings.value ->> 'run')::int, 0) + 1,
        'since', coalesce(settings.value -> 'since', excluded.value -> 'since'))
    where ${isOver}
    returning (value ->> 'run')::int as run, value ->> 'since' as since`)
  const [row] = rows
  return row ? { count: row.run, since: new Date(row.since) } : null
}

/** Notes that something good came of a tool: who is refused after it begins a new run. Writes only where there is one. */
export async function endHookRefusals(db: Db, tool: string): Promise<void> {
  await db.execute(sql`
    update settings set value = value - 'run' - 'since' where key = ${prefix + tool} and value -> 'run' is not null`)
}

/** Refused since something good came last; null when there was nothing since. */
export async function findHookRefusals(db: Db, tool: string): Promise<Refusals | null> {
  const { rows } = await db.execute<{ run: number; since: string }>(sql`
    select (value ->> 'run')::int as run, value ->> 'since' as since from settings
    where key = ${prefix + tool} and value -> 'run' is not null`)
  const [row] = rows
  return row ? { count: row.run, since: new Date(row.since) } : null
}

/** Tools whose webhook was refused after `since`, the newest first: how often ever, at least, and the ISO instant of the last time. */
export async function listHookRefusals(
  db: Db,
  since: Date,
): Promise<{ tool: string; refused: number; last: string }[]> {
  const { rows } = await db.execute<{ tool: string; refused: number; last: string }>(sql`
    select substr(key, ${prefix.length + 1}::int) as tool, (value ->> 'count')::int as refused, value ->> 'last' as last
    from settings where starts_with(key, ${prefix}) and (value ->> 'last')::timestamptz > ${since} order by last desc`)
  return rows
}
