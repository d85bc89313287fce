import { sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { putSetting } from './settings.ts'

/** Also in the statement that accepts a dispatch: what is taken ends the row. */
export const refusalsKey = 'refusals'

/** Adds to the mails that the provider refused since it last took one; returns how many that are now. */
export async function countRefusals(db: Db, refused: number, now: Date): Promise<number> {
  const { rows } = await db.execute<{ count: number }>(sql`
    insert into settings (key, value, updated_at)
    values (${refusalsKey}, jsonb_build_object('count', ${refused}::int), ${now})
    on conflict (key) do update set updated_at = excluded.updated_at,
      value = jsonb_build_object('count', (settings.value ->> 'count')::int + ${refused}::int)
    returning (value ->> 'count')::int as count`)
  return rows[0]!.count
}

/**
 * Begins to count anew, and leaves out the next `asked` refusals: a person is asked about those mails now, and who lets
 * them go again is not asked once more.
 */
export async function excuseRefusals(db: Db, asked: number, now: Date): Promise<void> {
  await putSetting(db, refusalsKey, { count: -asked }, now)
}
