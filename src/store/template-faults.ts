import { type SQL, sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { findSetting } from './settings.ts'

/** What is wrong with one template, with one revision of its words. */
export type TemplateFaults = {
  /** Id of the published revision, `code` for the words in code, or `none` for a template that a release lacks. */
  revision: string
  /** Mails that could not be rendered, less a share for each that could. */
  faults: number
  /** The kind of the newest fault. */
  error: string
  /** Of one that is missing: ISO instant at which a worker first missed it. */
  since?: string
  /** ISO instant since which its mails wait; null while it is still tried. */
  pausedAt: string | null
}

const key = 'template-faults'
/** Stands for the revision of a template that a release lacks. */
const missing = 'none'

/** What is noted, by template. */
export async function findTemplateFaults(db: Db): Promise<Record<string, TemplateFaults>> {
  return (await findSetting<Record<string, TemplateFaults>>(db, key)) ?? {}
}

/**
 * Adds to a template's faults, or takes from them, and pauses it from `limit` on: one statement, for several workers
 * count at once. Faults of other words than `revision` are forgotten. Returns true when it is paused by this.
 */
export async function addTemplateFaults(
  db: Db,
  template: string,
  { revision, faults, error, limit }: { revision: string; faults: number; error: string; limit: number },
  now: Date,
): Promise<boolean> {
  const old = sql`(settings.value -> ${template}::text)`
  const isSame = sql`coalesce(${old} ->> 'revision' = ${revision}, false)`
  const entry = (
    sum: SQL,
  ) => sql`case when ${sum} <= 0 then '{}'::jsonb else jsonb_build_object(${template}::text,
    jsonb_build_object('revision', ${revision}::text, 'faults', ${sum}, 'error', ${error}::text,
      'pausedAt', case when ${sum} >= ${limit}::int then ${now.toISOString()}::text end)) end`
  const added = sql`${faults}::float8`
  const sum = sql`(case when ${isSame} then (${old} ->> 'faults')::float8 else 0 end + ${added})`
  const { rows } = await db.execute<{ paused: boolean }>(sql`
    insert into settings (key, value, updated_at) values (${key}, ${entry(added)}, ${now})
    on conflict (key) do update set value = (settings.value - ${template}::text) || ${entry(sum)},
      updated_at = excluded.updated_at
    where not (${isSame} and ${old} ->> 'pausedAt' is not null)
    returning value -> ${template}::text ->> 'pausedAt' is not null as paused`)
  return rows[0]?.paused ?? false
}

/**
 * Notes that a worker has no such template, and pauses it once the first said so `afterMs` ago and none that has it
 * came by since. Returns true when it is paused by this.
 */
export async function noteMissingTemplate(
  db: Db,
  template: string,
  { error, afterMs }: { error: string; afterMs: number },
  now: Date,
): Promise<boolean> {
  const entry = { revision: missing, faults: 1, error, since: now.toISOString(), pausedAt: null }
  const old = sql`(settings.value -> ${template}::text)`
  const { rows } = await db.execute<{ paused: boolean }>(sql`
    insert into settings (key, value, updated_at) values (${key}, ${JSON.stringify({ [template]: entry })}::jsonb, ${now})
    on conflict (key) do update set updated_at = excluded.updated_at, value = case when ${old} is null
      then settings.value || excluded.value
      else jsonb_set(settings.value, array[${template}::text, 'pausedAt'], to_jsonb(${now.toISOString()}::text)) end
    where ${old} is null or (${old} ->> 'revision' = ${missing} and ${old} ->> 'pausedAt' is null
      and (${old} ->> 'since')::timestamptz <= ${new Date(now.getTime() - afterMs)})
    returning value -> ${template}::text ->> 'pausedAt' is not null as paused`)
  return rows[0]?.paused ?? false
}

/** Forgets a template's faults; returns false when it was not paused. */
export async function clearTemplateFaults(db: Db, template: string): Promise<boolean> {
  const paused = (await findTemplateFaults(db))[template]?.pausedAt ?? null
  await db.execute(sql`update settings set value = value - ${template}::text where key = ${key}`)
  return paused !== null
}
