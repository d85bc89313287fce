import { sql } from 'drizzle-orm'
import { formCounts } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'

export type FormCount = {
  /** How many there were since the stretch began, this one included. */
  count: number
  /** Until the stretch ends. */
  secondsLeft: number
}

/**
 * Counts one more under each key, and tells how many there were; the answer has the order of `keys`. A stretch of
 * `seconds` begins with the first. What ended is swept away, a little each time.
 */
export async function countForm(
  db: Db,
  keys: readonly { key: Buffer; seconds: number }[],
): Promise<FormCount[]> {
  const wanted = keys.map(({ key, seconds }) => ({ key: `\\x${key.toString('hex')}`, seconds }))
  // Keys are taken in one order, so that two forms never wait for each other.
  const { rows } = await db.execute<FormCount & { key: Buffer }>(sql`
    with wanted as (
      select key, seconds from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as row (key bytea, seconds int)
    ), swept as (
      delete from ${formCounts} where key in (
        select c.key from ${formCounts} c where c.ends_at < clock_timestamp()
          and not exists (select from wanted where wanted.key = c.key)
        order by c.ends_at limit 10 for update skip locked)
    )
    insert into ${formCounts} as c (key, count, ends_at)
      select key, 1, clock_timestamp() + make_interval(secs => seconds) from wanted order by key
    on conflict (key) do update set
      count = case when c.ends_at <= clock_timestamp() then 1 else least(c.count + 1, 1000000) end,
      ends_at = case when c.ends_at <= clock_timestamp() then excluded.ends_at else c.ends_at end
    returning key, count, ceil(extract(epoch from ends_at - clock_timestamp()))::int as "secondsLeft"`)
  return keys.map(({ key }) => rows.find((row) => row.key.equals(key))!)
}
