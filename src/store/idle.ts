import { sql } from 'drizzle-orm'
import type { Db } from './db.ts'

/**
 * True when nothing is due, nothing is in flight, no event waits to be applied and no alert to be mailed. Asked in this
 * order: while a backlog goes out something is in flight, and the index of what waits begins with all that went out of it.
 */
export async function isIdle(db: Db, now: Date): Promise<boolean> {
  const { rows } = await db.execute<{ busy: boolean }>(sql`
    select exists (select from dispatches where status in ('sealed', 'in-flight', 'retrying'))
      or exists (select from deliveries where status = 'waiting' and first in (true, false) and due_at <= ${now})
      or exists (select from provider_events where status = 'pending')
      or exists (select from alerts where status = 'waiting' and due_at <= ${now}) as busy`)
  return !rows[0]!.busy
}
