import { sql } from 'drizzle-orm'
import type { RenderCounts } from '../core/mail.ts'
import type { Db } from './db.ts'
import { findSetting } from './settings.ts'

const key = 'rendering'

/** How mails were rendered, over all processes and since the database was made. */
export async function findRenderCounts(db: Db): Promise<RenderCounts> {
  return (await findSetting<RenderCounts>(db, key)) ?? { compiled: 0, direct: 0, checked: 0, differed: 0 }
}

/** Adds one process's counts to those of all. */
export async function addRenderCounts(db: Db, counts: RenderCounts, now: Date): Promise<void> {
  await db.execute(sql`
    insert into settings (key, value, updated_at) values (${key}, ${JSON.stringify(counts)}::jsonb, ${now})
    on conflict (key) do update set updated_at = excluded.updated_at, value = (
      select jsonb_object_agg(name, added::bigint + coalesce((settings.value ->> name)::bigint, 0))
      from jsonb_each_text(excluded.value) as counts (name, added))`)
}
