import { sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { quotaForFirst } from '../core/dispatch.ts'
import type { RenderCounts } from '../core/mail.ts'
import { quotaResetsAt } from '../core/provider-day.ts'
import { findUsedToday } from './daily-quota.ts'
import { rateLimited } from './dispatches.ts'
import { findOutage, outageMs } from './outage.ts'
import { listHookRefusals } from './hook-refusals.ts'
import { findRenderCounts } from './render-counts.ts'
import { findPause, type Pause } from './pause.ts'
import { findRestEnd } from './rest.ts'
import { readTurnAge } from './turns.ts'
import { findTemplateFaults } from './template-faults.ts'

/**
 * Why nothing is sent, the first of them that is true. `stalled`: no worker has ticked for a while. `quota-used-up`: of
 * the day. `unclear`: the provider gives no clear answer for a while. `resting`: it asked for no calls for over a minute.
 */
type HealthStatus = 'ok' | 'stalled' | 'paused' | 'quota-used-up' | 'unclear' | 'resting'

/** How the service is doing, in counts alone. */
export type Health = {
  status: HealthStatus
  pause: Pause | null
  /** ISO instant until which nothing is sent, as the provider asked (`retry-after`); null when it did not. */
  restsUntil: string | null
  /**
   * Null without a daily quota. `firstMailsOnlyUntil`: what is left is kept for first mails and alerts until then;
   * `usedUpUntil`: nothing is left, and all mail waits.
   */
  dailyQuota: {
    used: number
    of: number
    firstMailsOnlyUntil: string | null
    usedUpUntil: string | null
  } | null
  templatesPaused: { template: string; since: string; error: string }[]
  secondsSinceTick: number | null
  due: number
  /** Envelopes attempted without a clear answer so far. */
  inDoubt: number
  /** Bookings: those whose lead a person should look at. */
  parked: { captures: number; events: number; deliveries: number; dispatches: number; bookings: number }
  failedDeliveries: number
  /** Alerts that are still to be mailed: while the account is blocked they wait with all other mail. */
  waitingAlerts: number
  failedAlerts: number
  /** Over all processes. `differed` above 0: a component branches on a lead's data; the log names its template. */
  rendering: RenderCounts
  /** Published copy that today's templates cannot use: the words in code go out in its place. */
  copyNotUsed: { template: string; revision: number; misfit: string }[]
  sourcesRefusing: { source: string; refused: number; last: string }[]
  /** Booking tools, and Resend, whose webhook was refused in the last week, as the sources above. */
  hooksRefusing: { tool: string; refused: number; last: string }[]
}

const stalledAfterSeconds = 15
/** Shorter rests are the usual way of a rate limit. */
const longRestMs = 60_000
/** What was refused before that was mended since, or was forged: nobody has to look at it for ever. */
const refusedMs = 7 * 24 * 3_600_000

/**
 * Reads the counts in one statement; `now` is the domain's clock, the day's quota is on wall time, the tick on the database's.
 * `dailyQuota`: mails a day, where the plan has such a limit.
 */
export async function readHealth(db: Db, now: Date, dailyQuota: number | null): Promise<Health> {
  const pause = await findPause(db)
  const tickAge = await readTurnAge(db, 'tick')
  const { rows } = await db.execute<Record<string, number>>(sql`
    select (select count(*)::int from deliveries
        where status = 'waiting' and first in (true, false) and due_at <= ${now}) as due,
      (select count(*)::int from dispatches
       where status in ('in-flight', 'retrying') and reason is distinct from ${rateLimited}
         and coalesce(lease_until, clock_timestamp()) <= clock_timestamp()) as "inDoubt",
      (select count(*)::int from captures where status = 'parked') as captures,
      (select count(*)::int from provider_events where status = 'parked') as events,
      (select count(*)::int from deliveries where status = 'parked') as deliveries,
      (select count(*)::int from dispatches where status = 'parked') as dispatches,
      (select count(*)::int from bookings where doubt is not null) as bookings,
      (select count(*)::int from deliveries where status = 'failed') as "failedDeliveries",
      (select count(*)::int from alerts where status = 'waiting' and due_at <= ${now}) as "waitingAlerts",
      (select count(*)::int from alerts where status = 'failed' and digest_id is null) as "failedAlerts"`)
  const refusedSince = new Date(now.getTime() - refusedMs)
  const refusing = await db.execute<{ source: string; refused: number; last: string }>(sql`
    select slug as source, refused_count as refused, last_refused_at::text as last from sources
    where last_refused_at > ${refusedSince} order by last_refused_at desc limit 20`)
  const copy = await db.execute<Health['copyNotUsed'][number]>(sql`
    select template, revision, misfit from template_revisions
    where status = 'published' and misfit is not null order by template`)
  const { captures, events, deliveries, dispatches, bookings, ...counts } = rows[0] as Record<string, number>
  const secondsSinceTick = tickAge === null ? null : Math.round(tickAge / 1_000)
  const restsUntil = await findRestEnd(db)
  const quota = dailyQuota === null ? null : await readQuota(db, dailyQuota)
  const reasons: [HealthStatus, boolean][] = [
    ['stalled', secondsSinceTick === null || secondsSinceTick > stalledAfterSeconds],
    ['paused', pause !== null],
    ['quota-used-up', (quota?.usedUpUntil ?? null) !== null],
    ['unclear', (await findOutage(db, now, outageMs)) !== null],
    ['resting', restsUntil !== null && Date.parse(restsUntil) > Date.now() + longRestMs],
  ]
  return {
    status: reasons.find(([, isTrue]) => isTrue)?.[0] ?? 'ok',
    pause,
    secondsSinceTick,
    restsUntil,
    dailyQuota: quota,
    templatesPaused: Object.entries(await findTemplateFaults(db)).flatMap(
      ([template, { error, pausedAt }]) => (pausedAt === null ? [] : [{ template, since: pausedAt, error }]),
    ),
    due: counts.due!,
    inDoubt: counts.inDoubt!,
    parked: {
      captures: captures!,
      events: events!,
      deliveries: deliveries!,
      dispatches: dispatches!,
      bookings: bookings!,
    },
    failedDeliveries: counts.failedDeliveries!,
    waitingAlerts: counts.waitingAlerts!,
    failedAlerts: counts.failedAlerts!,
    rendering: await findRenderCounts(db),
    copyNotUsed: copy.rows,
    sourcesRefusing: refusing.rows,
    hooksRefusing: await listHookRefusals(db, refusedSince),
  }
}

async function readQuota(db: Db, of: number): Promise<NonNullable<Health['dailyQuota']>> {
  const wall = new Date()
  const used = await findUsedToday(db, wall)
  const resets = quotaResetsAt(wall).toISOString()
  return {
    used,
    of,
    firstMailsOnlyUntil: used >= of - quotaForFirst(of) ? resets : null,
    usedUpUntil: used >= of ? resets : null,
  }
}
