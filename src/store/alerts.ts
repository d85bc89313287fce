import { and, asc, eq, or, sql } from 'drizzle-orm'
import { alerts, enrollments, sources } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'
import { newId } from './new-id.ts'
import { restsNow } from './rest.ts'

export type Alert = typeof alerts.$inferSelect

/** `now` is the domain's clock, on which things happen; tries are counted on the database's own. */
const isDue = (
  now: Date,
) => sql`${alerts.status} = 'waiting' and not ${alerts.inDigest} and ${alerts.dueAt} <= ${now}
  and ${alerts.nextAttemptAt} <= clock_timestamp()`

/**
 * Asks for an alert at once, unless the same one waits already, or was told ever if it has a key. One that came to nothing
 * before is asked for anew.
 */
export async function insertAlert(
  db: Db,
  alert: Pick<typeof alerts.$inferInsert, 'kind' | 'captureId' | 'reason'> &
    Partial<Pick<typeof alerts.$inferInsert, 'key' | 'sourceId' | 'replyId'>>,
  now: Date,
): Promise<void> {
  const waits = { status: 'waiting', dueAt: now, nextAttemptAt: sql`clock_timestamp()` } as const
  const insert = db.insert(alerts).values({ ...alert, ...waits, createdAt: now })
  if (alert.key === undefined || alert.key === null) await insert.onConflictDoNothing()
  else
    await insert.onConflictDoUpdate({
      target: alerts.key,
      set: { ...waits, attempts: 0, reason: alert.reason },
      setWhere: eq(alerts.status, 'dropped'),
    })
}

/**
 * Asks for one alert of each of these enrollments, ever, at `dueAt`, or with the digest at `digestAt` where their source
 * wants that; none where it wants none. One that came to nothing before is asked for anew.
 */
export async function insertEnrollmentAlerts(
  db: Db,
  alert: {
    kind: 'unbooked-click' | 'finished'
    enrollmentIds: readonly string[]
    dueAt: Date
    digestAt: Date
  },
  now: Date,
): Promise<void> {
  const { kind, enrollmentIds, dueAt, digestAt } = alert
  if (enrollmentIds.length === 0) return
  const ids = enrollmentIds.map(() => newId())
  await db.execute(sql`
    insert into ${alerts} (id, kind, key, status, enrollment_id, source_id, in_digest, due_at, next_attempt_at, created_at)
    select wanted.id, ${kind}, ${kind} || ':' || e.id, 'waiting', e.id, e.source_id, s.alerts = 'digest',
      case s.alerts when 'digest' then ${digestAt}::timestamptz else ${dueAt}::timestamptz end, clock_timestamp(), ${now}
    from unnest(${sql.param(ids)}::uuid[], ${sql.param([...enrollmentIds])}::uuid[]) as wanted (id, enrollment_id)
    join ${enrollments} e on e.id = wanted.enrollment_id join ${sources} s on s.id = e.source_id
    where s.alerts <> 'none'
    on conflict (key) do update set status = 'waiting', due_at = excluded.due_at, in_digest = excluded.in_digest,
      attempts = 0, next_attempt_at = excluded.next_attempt_at
    where ${alerts.status} = 'dropped'`)
}

/**
 * Gathers all that is due for a digest into one, which is then mailed as any alert is. Of workers who do so at once one
 * gets it all, and the others nothing.
 */
export async function gatherDigest(db: Db, now: Date): Promise<void> {
  await db.execute(sql`
    with gathered as (
      update ${alerts} set status = 'gathered', digest_id = wanted.id from (select ${newId()}::uuid as id) wanted
      where ${alerts.status} = 'waiting' and ${alerts.inDigest} and ${alerts.dueAt} <= ${now}
      returning digest_id
    )
    insert into ${alerts} (id, kind, status, due_at, next_attempt_at, created_at)
    select digest_id, 'digest', 'waiting', ${now}, clock_timestamp(), ${now} from gathered limit 1`)
}

/** What a digest tells, in the order in which it happened. */
export async function listGathered(db: Db, digestId: string): Promise<Alert[]> {
  return db
    .select()
    .from(alerts)
    .where(eq(alerts.digestId, digestId))
    .orderBy(asc(alerts.createdAt), asc(alerts.id))
}

/** None while the provider wants no calls. */
export async function listDueAlerts(
  db: Db,
  now: Date,
  limit: number,
): Promise<{ id: string; attempts: number }[]> {
  return db
    .select({ id: alerts.id, attempts: alerts.attempts })
    .from(alerts)
    .where(and(isDue(now), sql`not ${restsNow}`))
    .orderBy(asc(alerts.dueAt))
    .limit(limit)
}

/** Takes an alert for `leaseMs`; null when it is sent or not due, or another worker has it. */
export async function takeAlert(db: Db, id: string, leaseMs: number, now: Date): Promise<Alert | null> {
  const [row] = await db
    .update(alerts)
    .set({
      attempts: sql`${alerts.attempts} + 1`,
      nextAttemptAt: sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'`,
    })
    .where(and(eq(alerts.id, id), isDue(now)))
    .returning()
  return row ?? null
}

/** Ends an alert, and with a digest all that it told. `dropped`: there is nothing to tell any more. */
export async function closeAlert(
  db: Db,
  id: string,
  status: 'sent' | 'failed' | 'dropped',
  now: Date,
): Promise<void> {
  await db
    .update(alerts)
    .set({ status, sentAt: status === 'sent' ? now : null })
    .where(or(eq(alerts.id, id), eq(alerts.digestId, id)))
}

/**
 * Lets a failed alert wait again, and with a digest all that it tells; where the same one waits already, this one is
 * dropped. False when it has not failed, or is told by a digest.
 */
export async function reviveAlert(db: Db, id: string): Promise<boolean> {
  const { rows } = await db.execute(sql`
    update ${alerts} a set attempts = 0, next_attempt_at = clock_timestamp(),
      status = case when exists (
        select from ${alerts} other where other.status = 'waiting' and other.kind = a.kind and other.capture_id = a.capture_id
      ) then 'dropped' else 'waiting' end::alert_status
    where a.id = ${id} and a.status = 'failed' and a.digest_id is null returning a.id`)
  if (rows.length === 0) return false
  await db.update(alerts).set({ status: 'gathered' }).where(eq(alerts.digestId, id))
  return true
}

/** Lets an alert rest that the account could not send, whatever it says: the try does not count. */
export async function restAlert(db: Db, id: string, delayMs: number): Promise<void> {
  await db
    .update(alerts)
    .set({
      attempts: sql`${alerts.attempts} - 1`,
      nextAttemptAt: sql`clock_timestamp() + ${delayMs} * interval '1 millisecond'`,
    })
    .where(eq(alerts.id, id))
}

/** Lets every waiting alert be tried at once. */
export async function wakeAlerts(db: Db): Promise<void> {
  await db
    .update(alerts)
    .set({ nextAttemptAt: sql`clock_timestamp()` })
    .where(eq(alerts.status, 'waiting'))
}

/** Lets an alert rest after a try that failed, which counts: `delayMs` from now by the database's own clock. */
export async function delayAlert(db: Db, id: string, delayMs: number): Promise<void> {
  await db
    .update(alerts)
    .set({ nextAttemptAt: sql`clock_timestamp() + ${delayMs} * interval '1 millisecond'` })
    .where(eq(alerts.id, id))
}
