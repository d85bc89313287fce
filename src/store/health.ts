import { sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { findPause, findSetting, type Pause } from './settings.ts'

/** How the service is doing, in counts alone. `stalled`: no worker has ticked for a while. */
export type Health = {
  status: 'ok' | 'paused' | 'stalled'
  pause: Pause | null
  secondsSinceTick: number | null
  due: number
  parked: { captures: number; events: number; deliveries: number; dispatches: number }
  failedDeliveries: number
  failedAlerts: number
  /** Published copy that today's templates cannot use: the words in code go out in its place. */
  copyNotUsed: { template: string; revision: number; misfit: string }[]
  sourcesRefusing: { source: string; refused: number; last: string }[]
}

const stalledAfterSeconds = 15

/** Reads the counts in one statement; `now` is the domain's clock, the tick is on wall time. */
export async function readHealth(db: Db, now: Date): Promise<Health> {
  const pause = await findPause(db)
  const tick = await findSetting<{ at: string }>(db, 'tick')
  const { rows } = await db.execute<Record<string, number>>(sql`
    select (select count(*)::int from deliveries
        where status = 'waiting' and first in (true, false) and due_at <= ${now}) as due,
      (select count(*)::int from captures where status = 'parked') as captures,
      (select count(*)::int from provider_events where status = 'parked') as events,
      (select count(*)::int from deliveries where status = 'parked') as deliveries,
      (select count(*)::int from dispatches where status = 'parked') as dispatches,
      (select count(*)::int from deliveries where status = 'failed') as "failedDeliveries",
      (select count(*)::int from alerts where status = 'failed') as "failedAlerts"`)
  const refusing = await db.execute<{ source: string; refused: number; last: string }>(sql`
    select slug as source, refused_count as refused, last_refused_at::text as last from sources
    where refused_count > 0 order by last_refused_at desc limit 20`)
  const copy = await db.execute<Health['copyNotUsed'][number]>(sql`
    select template, revision, misfit from template_revisions
    where status = 'published' and misfit is not null order by template`)
  const { captures, events, deliveries, dispatches, ...counts } = rows[0] as Record<string, number>
  const secondsSinceTick = tick ? Math.round((Date.now() - Date.parse(tick.at)) / 1_000) : null
  const stalled = secondsSinceTick === null || secondsSinceTick > stalledAfterSeconds
  return {
    status: stalled ? 'stalled' : pause ? 'paused' : 'ok',
    pause,
    secondsSinceTick,
    due: counts.due!,
    parked: { captures: captures!, events: events!, deliveries: deliveries!, dispatches: dispatches! },
    failedDeliveries: counts.failedDeliveries!,
    failedAlerts: counts.failedAlerts!,
    copyNotUsed: copy.rows,
    sourcesRefusing: refusing.rows,
  }
}
