import { and, eq, inArray, lte, sql } from 'drizzle-orm'
import { deliveries, enrollments, leads } from '../../drizzle/schema/index.ts'
import type { DuePlace } from '../core/claim-mark.ts'
import type { Plan } from '../core/schedule.ts'
import type { Db } from './db.ts'
import { uuidList } from './uuid-list.ts'
import type { Delivery } from './deliveries.ts'

/**
 * Locks up to `limit` deliveries of one class that are due, soonest first, skipping those another transaction holds:
 * all, or only those behind the place `after`, or those up to the place `upTo`.
 * A stop updates these very rows, so what is returned is not stopped, and cannot be until the transaction ends.
 * One range of one index, however much waits. Never a named statement: its one plan for any limit would expect
 * thousands of rows and read all leads and enrollments for them; planning anew costs a fifth of a millisecond.
 */
export async function claimDue(
  db: Db,
  wanted: { first: boolean; after?: DuePlace | null; upTo?: DuePlace; now: Date; limit: number },
) {
  const { first, after, upTo, now, limit } = wanted
  const { rows } = await db.execute<DueRow>(sql`
    with due as materialized (
      select id, enrollment_id, lead_id, step, due_at, group_limit from ${deliveries}
      where status = 'waiting' and first = ${first} and due_at <= ${now}
        ${after ? sql`and (due_at, id) > (${after.dueAt}::timestamptz, ${after.id}::uuid)` : sql``}
        ${upTo ? sql`and (due_at, id) <= (${upTo.dueAt}::timestamptz, ${upTo.id}::uuid)` : sql``}
      order by due_at, id limit ${limit} for update skip locked
    )
    select due.id, due.due_at as "dueAt", due.enrollment_id as "enrollmentId", due.step,
      due.group_limit as "groupLimit", e.definition_hash as "definitionHash", e.topical, e.paused_until as "pausedUntil",
      l.id as "leadId", l.email, l.folded_key as "foldedKey", l.first_name as "firstName", l.time_zone as "timeZone"
    from due join ${enrollments} e on e.id = due.enrollment_id join ${leads} l on l.id = due.lead_id
    order by due.due_at, due.id`)
  return rows.map(
    ({
      id,
      dueAt,
      enrollmentId,
      step,
      groupLimit,
      definitionHash,
      topical,
      pausedUntil,
      leadId,
      ...lead
    }) => ({
      delivery: { id, dueAt, enrollmentId, step, first, groupLimit },
      lead: { id: leadId, ...lead },
      definitionHash,
      topical,
      pausedUntil: pausedUntil === null ? null : new Date(pausedUntil),
    }),
  )
}

/**
 * The time of the last mail to the lead of each of these due deliveries, where there is one that matters: when it was
 * accepted, if later than `since`; `now`, if one is sealed and may be accepted at any moment, or is due and goes first.
 * Of several that are due only the foremost has none: that order is by what is committed, so workers who each claimed
 * one of them agree. The first mail of a sequence comes before all others.
 */
export async function findLastMails(
  db: Db,
  due: readonly { id: string; leadId: string }[],
  now: Date,
  since: Date,
): Promise<Map<string, Date>> {
  const { rows } = await db.execute<{ id: string; at: number }>(sql`
    select due.id, extract(epoch from last.at)::float8 * 1000 as at
    from unnest(${uuidList(due.map(({ id }) => id))}::uuid[], ${uuidList(due.map(({ leadId }) => leadId))}::uuid[])
      as due (id, lead_id),
    lateral (select max(mail.at) as at from (
      select d.accepted_at as at from ${deliveries} d where d.lead_id = due.lead_id and d.accepted_at > ${since}
      union all
      select ${now}::timestamptz from ${deliveries} d
      where d.lead_id = due.lead_id and d.accepted_at is null and d.id <> due.id and (d.status = 'sealed'
        or d.status = 'waiting' and d.due_at <= ${now} and (not d.first, d.due_at, d.id) <
          (select not self.first, self.due_at, self.id from ${deliveries} self where self.id = due.id))
    ) mail) last where last.at is not null`)
  return new Map(rows.map(({ id, at }) => [id, new Date(at)]))
}

/** `dueAt` stays as PostgreSQL writes it: a place in its order is exact to the microsecond, and a Date is not. */
type DueRow = DuePlace &
  Pick<Delivery, 'enrollmentId' | 'step' | 'groupLimit' | 'leadId'> &
  Pick<typeof enrollments.$inferSelect, 'definitionHash' | 'topical'> &
  Pick<typeof leads.$inferSelect, 'email' | 'foldedKey' | 'firstName' | 'timeZone'> & {
    pausedUntil: string | null
  }

/** Gives a delivery another moment, and the end of its window. The caller holds its lock. */
export async function replanDelivery(db: Db, id: string, plan: Plan): Promise<void> {
  await db.update(deliveries).set(plan).where(eq(deliveries.id, id))
}

/** The same for one that may not wait any more: then it stays as it is. */
export async function replanWaiting(db: Db, id: string, plan: Plan): Promise<void> {
  await db
    .update(deliveries)
    .set(plan)
    .where(and(eq(deliveries.id, id), eq(deliveries.status, 'waiting')))
}

/**
 * Leaves waiting deliveries alone until a moment, for a reason that is not theirs; one that was parked meanwhile stays so.
 * The caller holds their locks.
 */
export async function postponeDeliveries(
  db: Db,
  ids: readonly string[],
  until: Date,
  reason: string,
): Promise<void> {
  await db
    .update(deliveries)
    .set({ dueAt: until, reason })
    .where(and(inArray(deliveries.id, [...ids]), eq(deliveries.status, 'waiting')))
}

/** Makes deliveries due now that were postponed for this reason to no later than `bound`; returns how many. */
export async function releasePostponed(db: Db, reason: string, now: Date, bound: Date): Promise<number> {
  const { rowCount } = await db
    .update(deliveries)
    .set({ dueAt: now, reason: null })
    .where(
      and(
        eq(deliveries.status, 'waiting'),
        inArray(deliveries.first, [true, false]),
        lte(deliveries.dueAt, bound),
        eq(deliveries.reason, reason),
      ),
    )
  return rowCount ?? 0
}

/** When the next waiting delivery falls due, or null. */
export async function nextDueAt(db: Db): Promise<Date | null> {
  const soonest = (first: boolean) =>
    sql`(select due_at from ${deliveries} where status = 'waiting' and first = ${first} order by due_at limit 1)`
  const { rows } = await db.execute<{ dueAt: string | null }>(
    sql`select least(${soonest(true)}, ${soonest(false)}) as "dueAt"`,
  )
  const { dueAt } = rows[0]!
  return dueAt === null ? null : new Date(dueAt)
}
