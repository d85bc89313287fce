import { type SQL, sql } from 'drizzle-orm'
import type { Db } from './db.ts'

/** Also in the statement that accepts a dispatch: what is taken ends the count. */
export const refusalsKey = 'refusals'

/** What was counted longer ago has nothing to do with what is refused now. An excuse holds however long the pause was. */
const lapse = sql`interval '1 day'`
const counted = sql`(case when settings.updated_at > excluded.updated_at - ${lapse} or (settings.value ->> 'count')::int < 0
  then (settings.value ->> 'count')::int else 0 end)`

/** Adds to the mails that the provider refused since it last took one; returns how many that are now. */
export const countRefusals = (db: Db, refused: number, now: Date): Promise<number> =>
  change(db, refused, sql`${counted} + ${refused}::int`, now)

/**
 * Begins to count anew, and leaves out the next `asked` refusals: a person is asked about those mails now, and who lets
 * them go again is not asked once more.
 */
export async function excuseRefusals(db: Db, asked: number, now: Date): Promise<void> {
  await change(db, -asked, sql`least(${counted}, 0) - ${asked}::int`, now)
}

async function change(db: Db, initial: number, next: SQL, now: Date): Promise<number> {
  const { rows } = await db.execute<{ count: number }>(sql`
    insert into settings (key, value, updated_at)
    values (${refusalsKey}, jsonb_build_object('count', ${initial}::int), ${now})
    on conflict (key) do update set updated_at = excluded.updated_at,
      value = jsonb_build_object('count', ${next})
    returning (value ->> 'count')::int as count`)
  return rows[0]!.count
}
