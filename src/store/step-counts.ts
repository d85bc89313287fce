import { sql } from 'drizzle-orm'
import { deliveries, settings } from '../../drizzle/schema/index.ts'
import type { DeliveryStatus } from '../core/delivery.ts'
import type { Db } from './db.ts'
import { findSetting } from './settings.ts'

/** Deliveries of one step in one status; of those cancelled, by reason. */
export type StepCount = { step: string; status: DeliveryStatus; reason: string | null; count: number }
/** Counts as they were at an ISO instant of wall time, and how long counting took. */
export type StepCounts = { at: string; tookMs: number; rows: StepCount[] }

const key = 'step-counts'

/** The counts as last stored: one row, however much there is to count. Null before the first time. */
export async function findStepCounts(db: Db): Promise<StepCounts | null> {
  return findSetting<StepCounts>(db, key)
}

/**
 * Counts every delivery and stores the result for whoever looks next. One pass over the table now and then costs the
 * service less than an index, which each send would have to keep.
 */
export async function countSteps(db: Db, now: Date): Promise<StepCounts> {
  const started = performance.now()
  const { rows } = await db.execute<StepCount>(sql`
    select step, status, case when status = 'cancelled' then reason end as reason, count(*)::int as count
    from ${deliveries} group by 1, 2, 3 order by 1, 2, 3`)
  const counted = { tookMs: Math.ceil(performance.now() - started), rows }
  const { rows: stored } = await db.execute<{ value: StepCounts }>(sql`
    insert into ${settings} (key, value, updated_at)
    values (${key}, ${JSON.stringify(counted)}::jsonb || jsonb_build_object('at', clock_timestamp()), ${now})
    on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at
    returning value`)
  return stored[0]!.value
}
