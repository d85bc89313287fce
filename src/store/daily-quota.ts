import { sql } from 'drizzle-orm'
import { quotaDayAt } from '../core/provider-day.ts'
import type { Db } from './db.ts'
import { findSetting } from './settings.ts'

const key = 'daily-quota'

/** Notes what the provider says was used today; answers that overtook each other never lower it. */
export async function noteUsedToday(db: Db, used: number, wall: Date, now: Date): Promise<void> {
  await db.execute(sql`
    insert into settings (key, value, updated_at)
    values (${key}, jsonb_build_object('day', ${quotaDayAt(wall)}::text, 'used', ${used}::int), ${now})
    on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at
    where settings.value ->> 'day' < excluded.value ->> 'day'
      or (settings.value ->> 'day' = excluded.value ->> 'day'
        and (settings.value ->> 'used')::int < (excluded.value ->> 'used')::int)`)
}

/** Mails used of today's quota, as far as the provider has said. */
export async function findUsedToday(db: Db, wall: Date): Promise<number> {
  const noted = await findSetting<{ day: string; used: number }>(db, key)
  return noted?.day === quotaDayAt(wall) ? noted.used : 0
}

/** Any number will do, as long as it is ours alone. */
const quotaLock = 7_301_946

/** Waits until nobody else seals for the day's quota, and holds it until the transaction ends. */
export async function lockQuota(db: Db): Promise<void> {
  await db.execute(sql`select pg_advisory_xact_lock(${quotaLock})`)
}
