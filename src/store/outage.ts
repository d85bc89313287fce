import { sql } from 'drizzle-orm'
import { dispatches } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'
import { rateLimited } from './dispatches.ts'

/** A provider that gives no clear answer for so long, while it is asked, is out of order. */
export const outageMs = 15 * 60_000

/**
 * When the oldest envelope was first attempted that is still asked for without a clear answer, if nothing at all was
 * taken for `ms` and it is as old as that; else null. Calls are on the database's own time, all else on the domain's.
 */
export async function findOutage(db: Db, now: Date, ms: number): Promise<Date | null> {
  const since = new Date(now.getTime() - ms)
  const { rows } = await db.execute<{ since: string | null }>(sql`
    select min(d.first_attempt_at) as since from ${dispatches} d
    where d.status in ('in-flight', 'retrying') and d.first_attempt_at <= ${since}
      and d.reason is distinct from ${rateLimited}
      and exists (select from attempts a where a.dispatch_id = d.id and coalesce(a.outcome, 'unknown') = 'unknown'
        and a.started_at > clock_timestamp() - ${ms} * interval '1 millisecond')
      and not exists (select from dispatches taken where taken.body is not null and taken.status = 'accepted'
        and taken.resolved_at > ${since})`)
  const found = rows[0]?.since ?? null
  return found === null ? null : new Date(found)
}
