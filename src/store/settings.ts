import { and, eq, type SQL, sql } from 'drizzle-orm'
import { settings } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'

/** Why nothing is sent. `until` is an ISO instant of wall time, or null: until a person resumes. */
export type Pause = { reason: string; until: string | null }

/** The pause in force, or null. */
export async function findPause(db: Db): Promise<Pause | null> {
  return findSetting<Pause>(db, 'pause')
}

/**
 * Pauses all sending. A pause already in force gives way to one that lasts longer: the end of the shorter one must not
 * end the trouble of the other. Returns true when this one is now in force and was not before.
 */
export async function pauseSending(db: Db, pause: Pause, now: Date): Promise<boolean> {
  const ends = (value: SQL) => sql`coalesce((${value} ->> 'until')::timestamptz, 'infinity')`
  const rows = await db
    .insert(settings)
    .values({ key: 'pause', value: pause, updatedAt: now })
    .onConflictDoUpdate({
      target: settings.key,
      set: { value: pause, updatedAt: now },
      setWhere: sql`${ends(sql`settings.value`)} < ${ends(sql`excluded.value`)}`,
    })
    .returning({ key: settings.key })
  return rows.length > 0
}

/** The reason of a pause that a person began; their own words are in the note, which no public page shows. */
export const byHand = 'paused by hand'
type PauseNote = { by: string; why: string }

/** Keeps who began the pause, and why, apart from the pause itself: in place of the note of an earlier one. */
export async function putPauseNote(db: Db, note: PauseNote, now: Date): Promise<void> {
  await putSetting(db, 'pause-note', note, now)
}

/** Why nothing is sent and since when, with what the person said who began it; null when there is no pause. */
export async function readPause(db: Db): Promise<(Pause & { since: Date; note: PauseNote | null }) | null> {
  const [row] = await db.select().from(settings).where(eq(settings.key, 'pause'))
  if (!row) return null
  const pause = row.value as Pause
  const note = pause.reason === byHand ? await findSetting<PauseNote>(db, 'pause-note') : null
  return { ...pause, since: row.updatedAt, note }
}

/** Ends the pause; returns false when there was none. */
export async function resumeSending(db: Db): Promise<boolean> {
  const rows = await db.delete(settings).where(eq(settings.key, 'pause')).returning({ key: settings.key })
  return rows.length > 0
}

/** Ends a pause whose time is over, by the database's own clock. */
export async function endExpiredPause(db: Db): Promise<void> {
  await db
    .delete(settings)
    .where(
      and(eq(settings.key, 'pause'), sql`(${settings.value} ->> 'until')::timestamptz <= clock_timestamp()`),
    )
}

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

/** True while nothing may be sealed: all sending is paused, or the provider wants no calls. */
export async function isHalted(db: Db): Promise<boolean> {
  const { rows } = await db.execute<{ halted: boolean }>(
    sql`select exists (select from ${settings} where key = 'pause') or ${restsNow} as halted`,
  )
  return rows[0]!.halted
}

/** True while the provider asked for no calls at all; a pause is another matter. */
export async function isResting(db: Db): Promise<boolean> {
  const { rows } = await db.execute<{ rests: boolean }>(sql`select ${restsNow} as rests`)
  return rows[0]!.rests
}

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

/** A setting's value, or null. The caller knows the shape: only this service writes here. */
export async function findSetting<T>(db: Db, key: string): Promise<T | null> {
  const [row] = await db.select({ value: settings.value }).from(settings).where(eq(settings.key, key))
  return row ? (row.value as T) : null
}

/** Stores a setting that is not there yet; returns false, and changes nothing, when it is. */
export async function addSetting(db: Db, key: string, value: unknown, now: Date): Promise<boolean> {
  const rows = await db
    .insert(settings)
    .values({ key, value, updatedAt: now })
    .onConflictDoNothing()
    .returning({ key: settings.key })
  return rows.length > 0
}

/** Stores a setting, in place of what was there. */
export async function putSetting(db: Db, key: string, value: unknown, now: Date): Promise<void> {
  await db
    .insert(settings)
    .values({ key, value, updatedAt: now })
    .onConflictDoUpdate({ target: settings.key, set: { value, updatedAt: now } })
}

/** A setting's value, locked until the transaction ends; one that is not there yet is stored as `initial`. */
export async function lockSetting<T>(db: Db, key: string, initial: T, now: Date): Promise<T> {
  await addSetting(db, key, initial, now)
  const [row] = await db
    .select({ value: settings.value })
    .from(settings)
    .where(eq(settings.key, key))
    .for('update')
  return row!.value as T
}
