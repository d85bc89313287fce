import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import { alerts } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'
import { countMailsInTrouble } from './troubled-deliveries.ts'
import { findPause } from './pause.ts'
import { findTemplateFaults } from './template-faults.ts'

/** How much waits for a person, by kind. */
export type ProblemCounts = {
  captures: number
  events: number
  bookings: number
  replies: number
  mails: number
  /** Sending as a whole, templates, and alerts that nobody got. */
  service: number
}

/** As of now. Under `service` each paused template counts for one, and so does a pause of all sending. */
export async function countProblems(db: Db): Promise<ProblemCounts> {
  const { rows } = await db.execute<Omit<ProblemCounts, 'mails'>>(sql`
    select (select count(*)::int from captures where status = 'parked') as captures,
      (select count(*)::int from provider_events where status = 'parked') as events,
      (select count(*)::int from bookings where doubt is not null) as bookings,
      (select count(*)::int from replies where answered_at is null) as replies,
      (select count(*)::int from alerts where status = 'failed' and digest_id is null) as service`)
  const [faults, pause, mails] = await Promise.all([
    findTemplateFaults(db),
    findPause(db),
    countMailsInTrouble(db),
  ])
  const counts = rows[0]!
  const paused = Object.values(faults).filter(({ pausedAt }) => pausedAt !== null)
  return { ...counts, mails, service: counts.service + paused.length + (pause ? 1 : 0) }
}

/** For this long, whoever sets a form up may have it in hand. */
const inHandMs = 3_600_000

/** How many captures and provider events have been parked for more than an hour. */
export async function countLongParked(
  db: Db,
  now: Date,
): Promise<Pick<ProblemCounts, 'captures' | 'events'>> {
  const before = new Date(now.getTime() - inHandMs)
  const { rows } = await db.execute<Pick<ProblemCounts, 'captures' | 'events'>>(sql`
    select (select count(*)::int from captures where status = 'parked' and received_at < ${before}) as captures,
      (select count(*)::int from provider_events where status = 'parked' and received_at < ${before}) as events`)
  return rows[0]!
}

/** Alerts that could not be mailed, newest first; what a digest tells fails with it. */
export async function listFailedAlerts(db: Db, limit: number) {
  return db
    .select({ id: alerts.id, kind: alerts.kind, reason: alerts.reason, createdAt: alerts.createdAt })
    .from(alerts)
    .where(and(eq(alerts.status, 'failed'), isNull(alerts.digestId)))
    .orderBy(desc(alerts.createdAt))
    .limit(limit)
}
