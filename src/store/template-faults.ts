import { sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { findSetting } from './settings.ts'

/** Faults in a row of one template with one revision of its words. */
export type TemplateFaults = {
  /** Id of the published revision, or `code` for the words in code. */
  revision: string
  faults: number
  /** The kind of the newest fault. */
  error: string
  /** ISO instant since which its mails wait; null while it is still tried. */
  pausedAt: string | null
}

const key = 'template-faults'

/** What is noted, by template. */
export async function findTemplateFaults(db: Db): Promise<Record<string, TemplateFaults>> {
  return (await findSetting<Record<string, TemplateFaults>>(db, key)) ?? {}
}

/** Notes a template's faults; returns false, and changes nothing, when it is paused already. */
export async function putTemplateFaults(
  db: Db,
  template: string,
  noted: TemplateFaults,
  now: Date,
): Promise<boolean> {
  const value = JSON.stringify({ [template]: noted })
  const { rows } = await db.execute(sql`
    insert into settings (key, value, updated_at) values (${key}, ${value}::jsonb, ${now})
    on conflict (key) do update set value = settings.value || excluded.value, updated_at = excluded.updated_at
    where settings.value -> ${template}::text ->> 'pausedAt' is null
    returning key`)
  return rows.length > 0
}

/** Forgets a template's faults; returns false when it was not paused. */
export async function clearTemplateFaults(db: Db, template: string): Promise<boolean> {
  const paused = (await findTemplateFaults(db))[template]?.pausedAt ?? null
  await db.execute(sql`update settings set value = value - ${template}::text where key = ${key}`)
  return paused !== null
}
