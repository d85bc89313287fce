import { and, eq, type SQL, sql } from 'drizzle-orm'
import { settings } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'
import { restsNow } from './rest.ts'
import { findSetting, putSetting } from './settings.ts'

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

/** True while nothing may be sealed: all sending is paused, or the provider wants no calls. */
export async function isHalted(db: Db): Promise<boolean> {
  const { rows } = await db.execute<{ halted: boolean }>(
    sql`select exists (select from ${settings} where key = 'pause') or ${restsNow} as halted`,
  )
  return rows[0]!.halted
}
