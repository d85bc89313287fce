import {
  and,
  asc,
  desc,
  eq,
  inArray,
  isNotNull,
  isNull,
  lte,
  notInArray,
  or,
  type SQL,
  sql,
} from 'drizzle-orm'
import { deliveries, dispatches, enrollments, leads } from '../../drizzle/schema/index.ts'
import type { DuePlace } from '../core/claim-mark.ts'
import { type DeliveryNews, overwrittenBy } from '../core/delivery.ts'
import { envelopeLimit } from '../core/dispatch.ts'
import type { EnrollmentStatus } from '../core/enrollment.ts'
import type { Pace } from '../core/pace.ts'
import type { Plan } from '../core/schedule.ts'
import type { Db } from './db.ts'
import { sendNow } from './named.ts'
import { newId } from './new-id.ts'
import { uuidList } from './uuid-list.ts'

/** Why a delivery is parked that has nothing wrong with itself. */
export const heldReason = 'an earlier step needs a look'

export type Delivery = typeof deliveries.$inferSelect

export type PlannedDelivery = Plan & { enrollmentId: string; leadId: string; step: string; first: boolean }

/** Plans deliveries; one that is planned already stays as it is. */
export async function insertDeliveries(
  db: Db,
  planned: readonly PlannedDelivery[],
  now: Date,
): Promise<void> {
  if (planned.length > 0) await db.execute(insertion(planned, now, sql``))
}

/** The statement that plans deliveries, those that `join` leaves of `plan`. */
function insertion(planned: readonly (PlannedDelivery & { after?: string })[], now: Date, join: SQL): SQL {
  const column = <T>(values: T[]) => sql.param(values)
  return sql`
    insert into ${deliveries} (id, enrollment_id, lead_id, step, status, first, due_at, window_closes_at, group_limit,
      created_at)
    select plan.id, enrollment_id, lead_id, step, 'waiting', first, due_at, window_closes_at, ${envelopeLimit}, ${now}
    from unnest(
      ${uuidList(planned.map(() => newId()))}::uuid[], ${uuidList(planned.map((plan) => plan.enrollmentId))}::uuid[],
      ${uuidList(planned.map((plan) => plan.leadId))}::uuid[], ${column(planned.map((plan) => plan.step))}::text[],
      ${column(planned.map((plan) => plan.first))}::boolean[],
      ${column(planned.map((plan) => plan.dueAt.toISOString()))}::timestamptz[],
      ${column(planned.map((plan) => plan.windowClosesAt?.toISOString() ?? null))}::timestamptz[],
      ${column(planned.map((plan) => plan.after ?? null))}::uuid[]
    ) as plan (id, enrollment_id, lead_id, step, first, due_at, window_closes_at, after) ${join}
    on conflict (enrollment_id, step) do nothing`
}

/** What planning needs to know of a delivery's lead and enrollment. */
export type Member = Pick<Delivery, 'id' | 'enrollmentId' | 'leadId' | 'step' | 'status'> & {
  enrollmentStatus: EnrollmentStatus
  definitionHash: string
  timeZone: string
} & Pace

/** Locks the enrollments of these deliveries, in the order of their ids as every writer does, and reads their members. */
export async function lockMembers(db: Db, ids: readonly string[]): Promise<Member[]> {
  return sendNow<Member>(
    db,
    sql`
    select d.id, d.enrollment_id as "enrollmentId", d.lead_id as "leadId", d.step, d.status,
      e.status as "enrollmentStatus", e.definition_hash as "definitionHash", l.time_zone as "timeZone",
      e.slow, e.paused_until as "pausedUntil"
    from ${deliveries} d join ${enrollments} e on e.id = d.enrollment_id join ${leads} l on l.id = d.lead_id
    where d.id = any(${uuidList(ids)}::uuid[])
    order by e.id for no key update of e`,
  )
}

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

/** Lets a delivery wait again that a stop by staff had cancelled. */
export async function reviveDelivery(db: Db, id: string, plan: Plan): Promise<void> {
  await db
    .update(deliveries)
    .set({ ...plan, status: 'waiting', reason: null, dispatchId: null })
    .where(and(eq(deliveries.id, id), eq(deliveries.status, 'cancelled'), eq(deliveries.reason, 'staff')))
}

/** All deliveries of a lead, in the order of their planning. */
export async function listDeliveries(db: Db, leadId: string): Promise<Delivery[]> {
  return db
    .select()
    .from(deliveries)
    .where(eq(deliveries.leadId, leadId))
    .orderBy(asc(deliveries.createdAt), asc(deliveries.id))
}

/**
 * What waits for a lead by the plan of its sequence alone: what was postponed for another reason is left out. The delay
 * of a delivery is counted from when its row was made.
 */
export async function listPlanned(db: Db, leadId: string) {
  return db
    .select({
      id: deliveries.id,
      step: deliveries.step,
      dueAt: deliveries.dueAt,
      createdAt: deliveries.createdAt,
      definitionHash: enrollments.definitionHash,
      slow: enrollments.slow,
      pausedUntil: enrollments.pausedUntil,
    })
    .from(deliveries)
    .innerJoin(enrollments, eq(enrollments.id, deliveries.enrollmentId))
    .where(and(eq(deliveries.leadId, leadId), eq(deliveries.status, 'waiting'), isNull(deliveries.reason)))
}

/** Leaves waiting deliveries alone until a moment, for a reason that is not theirs. The caller holds their locks. */
export async function postponeDeliveries(
  db: Db,
  ids: readonly string[],
  until: Date,
  reason: string,
): Promise<void> {
  await db
    .update(deliveries)
    .set({ dueAt: until, reason })
    .where(inArray(deliveries.id, [...ids]))
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

/** Takes deliveries off the plan for a reason: those that wait, or were only parked behind another one. */
export async function cancelWaiting(db: Db, leadId: string, reason: string): Promise<void> {
  await db
    .update(deliveries)
    .set({ status: 'cancelled', reason })
    .where(
      and(
        eq(deliveries.leadId, leadId),
        or(
          eq(deliveries.status, 'waiting'),
          and(eq(deliveries.status, 'parked'), eq(deliveries.reason, heldReason)),
        ),
      ),
    )
}

/** Parks what still waits of an enrollment. */
export async function parkWaiting(db: Db, enrollmentId: string, reason: string): Promise<void> {
  await db
    .update(deliveries)
    .set({ status: 'parked', reason })
    .where(and(eq(deliveries.enrollmentId, enrollmentId), eq(deliveries.status, 'waiting')))
}

/** Lets parked deliveries of an enrollment wait again that were parked for this reason. */
export async function unparkDeliveries(db: Db, enrollmentId: string, reason: string): Promise<void> {
  await db
    .update(deliveries)
    .set({ status: 'waiting', reason: null })
    .where(
      and(
        eq(deliveries.enrollmentId, enrollmentId),
        eq(deliveries.status, 'parked'),
        eq(deliveries.reason, reason),
      ),
    )
}

/** Lets one delivery that failed or is parked wait again from `now` on; false when it is neither. */
export async function retryDelivery(db: Db, id: string, now: Date): Promise<boolean> {
  const rows = await db
    .update(deliveries)
    .set({
      status: 'waiting',
      dueAt: now,
      dispatchId: null,
      reason: null,
      providerId: null,
      messageId: null,
      acceptedAt: null,
    })
    .where(and(eq(deliveries.id, id), inArray(deliveries.status, ['failed', 'parked'])))
    .returning({ id: deliveries.id })
  return rows.length > 0
}

/** Ends one delivery that cannot go out; what is known to have gone out stays as it is. */
export async function failDelivery(
  db: Db,
  id: string,
  status: 'failed' | 'parked' | 'cancelled',
  reason: string,
): Promise<void> {
  await db
    .update(deliveries)
    .set({ status, reason })
    .where(and(eq(deliveries.id, id), isNull(deliveries.acceptedAt)))
}

/** The deliveries that a dispatch holds now, found by their ids: millions of others are not looked at. */
const inEnvelope = (dispatchId: string) => sql`${deliveries.dispatchId} = ${dispatchId}
  and ${deliveries.id} = any((select delivery_ids from ${dispatches} where ${dispatches.id} = ${dispatchId})::uuid[])`

/** Those of the given enrollments in which another delivery than these failed or is parked for its own sake. */
export async function findTroubledEnrollments(
  db: Db,
  enrollmentIds: readonly string[],
  except: readonly string[],
): Promise<Set<string>> {
  if (enrollmentIds.length === 0) return new Set()
  const rows = await db
    .selectDistinct({ id: deliveries.enrollmentId })
    .from(deliveries)
    .where(
      and(
        inArray(deliveries.enrollmentId, [...enrollmentIds]),
        inArray(deliveries.status, ['failed', 'parked']),
        notInArray(deliveries.id, [...except]),
        sql`${deliveries.reason} is distinct from ${heldReason}`,
      ),
    )
  return new Set(rows.map(({ id }) => id))
}

/** One of the deliveries of a dispatch that has no answer yet, now this one and now that, with its lead's address. */
export async function findSealedMember(db: Db, dispatchId: string) {
  const [row] = await db
    .select({ id: deliveries.id, email: leads.email, foldedKey: leads.foldedKey })
    .from(deliveries)
    .innerJoin(leads, eq(leads.id, deliveries.leadId))
    .where(and(inEnvelope(dispatchId), eq(deliveries.status, 'sealed'), isNotNull(leads.email)))
    .orderBy(sql`random()`)
    .limit(1)
  return row ?? null
}

/** True while a dispatch holds a delivery of which nobody knows yet whether it went out. */
export async function hasSealed(db: Db, dispatchId: string): Promise<boolean> {
  const rows = await db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(inEnvelope(dispatchId), eq(deliveries.status, 'sealed')))
    .limit(1)
  return rows.length > 0
}

/** Ends all deliveries of a dispatch that has no answer yet; returns their enrollments. */
export async function parkSealed(db: Db, dispatchId: string, reason: string): Promise<string[]> {
  const rows = await db
    .update(deliveries)
    .set({ status: 'parked', reason })
    .where(and(inEnvelope(dispatchId), eq(deliveries.status, 'sealed')))
    .returning({ enrollmentId: deliveries.enrollmentId })
  return rows.map((row) => row.enrollmentId)
}

/**
 * Takes the unanswered deliveries out of a dispatch: back to waiting while their enrollment runs, parked while it is
 * held, cancelled when it was stopped. `groupLimit` null leaves the size of their next envelope as it was.
 */
export async function unsealDeliveries(db: Db, dispatchId: string, groupLimit: number | null): Promise<void> {
  await db.execute(sql`
    update ${deliveries} set
      status = case e.status when 'active' then 'waiting' when 'held' then 'parked' else 'cancelled' end::delivery_status,
      reason = case e.status when 'active' then null when 'held' then ${heldReason} else e.stop_reason::text end,
      group_limit = coalesce(${groupLimit}::smallint, group_limit),
      dispatch_id = null
    from ${enrollments} e
    where e.id = ${deliveries.enrollmentId} and ${inEnvelope(dispatchId)}
      and ${deliveries.status} = 'sealed'`)
}

/**
 * Notes that the provider took these deliveries, whichever way that became known, and plans what follows those for which
 * it is news: their ids are returned. Even one that was cancelled or opened meanwhile: what went out went out.
 */
export async function acceptDeliveries(
  db: Db,
  accepted: readonly { id: string; providerId: string | null }[],
  planned: readonly (PlannedDelivery & { after: string })[],
  now: Date,
): Promise<Set<string>> {
  const rows = await sendNow<{ id: string }>(
    db,
    sql`
    with news as (
      update ${deliveries} d set
        status = case when d.status in ('waiting', 'cancelled', 'sealed', 'parked') then 'sent' else d.status end,
        provider_id = v.provider_id, accepted_at = ${now}, reason = null
      from unnest(${uuidList(accepted.map(({ id }) => id))}::uuid[],
        ${sql.param(accepted.map(({ providerId }) => providerId))}::text[]) as v (id, provider_id)
      where d.id = v.id and d.accepted_at is null
      returning d.id
    ), planned as (
      ${insertion(planned, now, sql`join news on news.id = plan.after`)}
    )
    select id from news`,
  )
  return new Set(rows.map(({ id }) => id))
}

/** Moves a delivery forward to what the provider reports; earlier news than what is known changes nothing. */
export async function advanceDelivery(
  db: Db,
  id: string,
  news: DeliveryNews,
  reason: string | null,
): Promise<boolean> {
  const rows = await db
    .update(deliveries)
    .set({ status: news, reason })
    .where(and(eq(deliveries.id, id), inArray(deliveries.status, overwrittenBy(news))))
    .returning({ id: deliveries.id })
  return rows.length > 0
}

export async function findDelivery(db: Db, id: string): Promise<Delivery | null> {
  const [row] = await db.select().from(deliveries).where(eq(deliveries.id, id))
  return row ?? null
}

export async function findDeliveryByProviderId(db: Db, providerId: string): Promise<Delivery | null> {
  const [row] = await db.select().from(deliveries).where(eq(deliveries.providerId, providerId))
  return row ?? null
}

/** Notes under which Message-ID a mail went out; only the first news of it is news. */
export async function noteMessageId(db: Db, id: string, messageId: string): Promise<void> {
  await db
    .update(deliveries)
    .set({ messageId })
    .where(and(eq(deliveries.id, id), isNull(deliveries.messageId)))
}

/** `messageId` without its brackets. */
export async function findDeliveryByMessageId(db: Db, messageId: string): Promise<Delivery | null> {
  const [row] = await db.select().from(deliveries).where(eq(deliveries.messageId, messageId)).limit(1)
  return row ?? null
}

/** Times that a lead's mail bounced for now, over all its enrollments. */
export async function countSoftBounces(db: Db, leadId: string): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(deliveries)
    .where(and(eq(deliveries.leadId, leadId), eq(deliveries.status, 'bounced')))
  return row!.count
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

/** Names both classes, which the index of what waits begins with: without it, a range of due times reads all of it. */
const ofAnyClass = inArray(deliveries.first, [true, false])

/** What goes out next, soonest first. */
export async function listUpcoming(db: Db, until: Date, limit: number) {
  return db
    .select({
      dueAt: deliveries.dueAt,
      step: deliveries.step,
      leadId: leads.id,
      email: leads.email,
      timeZone: leads.timeZone,
      sequence: enrollments.sequence,
    })
    .from(deliveries)
    .innerJoin(leads, eq(leads.id, deliveries.leadId))
    .innerJoin(enrollments, eq(enrollments.id, deliveries.enrollmentId))
    .where(and(eq(deliveries.status, 'waiting'), ofAnyClass, lte(deliveries.dueAt, until)))
    .orderBy(asc(deliveries.dueAt))
    .limit(limit)
}

/** What goes out until a moment, soonest first and after a place in that order; each class is one range of one index. */
export async function listUpcomingFrom(
  db: Db,
  query: { until: Date; after: { dueAt: Date; id: string } | null; limit: number },
) {
  const { until, after, limit } = query
  const ofClass = (first: boolean) => sql`(
    select id, due_at from ${deliveries} where status = 'waiting' and first = ${first} and due_at <= ${until}
      ${after === null ? sql`` : sql`and (due_at, id) > (${after.dueAt}, ${after.id}::uuid)`}
    order by due_at, id limit ${limit})`
  return db
    .select({
      id: deliveries.id,
      dueAt: deliveries.dueAt,
      step: deliveries.step,
      reason: deliveries.reason,
      leadId: leads.id,
      email: leads.email,
      firstName: leads.firstName,
      lastName: leads.lastName,
      timeZone: leads.timeZone,
      sequence: enrollments.sequence,
    })
    .from(deliveries)
    .innerJoin(leads, eq(leads.id, deliveries.leadId))
    .innerJoin(enrollments, eq(enrollments.id, deliveries.enrollmentId))
    .where(
      sql`${deliveries.id} in (select id from (${ofClass(true)} union all ${ofClass(false)}) soonest
        order by due_at, id limit ${limit})`,
    )
    .orderBy(asc(deliveries.dueAt), asc(deliveries.id))
}

/** How many mails fall due until a moment. */
export async function countUpcoming(db: Db, until: Date): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(deliveries)
    .where(and(eq(deliveries.status, 'waiting'), ofAnyClass, lte(deliveries.dueAt, until)))
  return row!.count
}

/** Mails of running enrollments on which a person has to decide, newest first, each with the calls made for it. */
export async function listMailsInTrouble(db: Db, limit: number) {
  return db
    .select({
      id: deliveries.id,
      step: deliveries.step,
      status: deliveries.status,
      reason: deliveries.reason,
      dueAt: deliveries.dueAt,
      leadId: leads.id,
      email: leads.email,
      firstName: leads.firstName,
      lastName: leads.lastName,
      dispatchId: deliveries.dispatchId,
      firstAttemptAt: dispatches.firstAttemptAt,
      proven: dispatches.proven,
      attempts: sql<KnownAttempt[]>`array(select jsonb_build_object('startedAt', a.started_at,
        'outcome', a.outcome, 'statusCode', a.status_code, 'errorName', a.error_name)
        from attempts a where a.dispatch_id = ${deliveries.dispatchId} order by a.fence)`,
    })
    .from(deliveries)
    .innerJoin(leads, eq(leads.id, deliveries.leadId))
    .innerJoin(enrollments, eq(enrollments.id, deliveries.enrollmentId))
    .leftJoin(dispatches, eq(dispatches.id, deliveries.dispatchId))
    .where(isTroubled)
    .orderBy(desc(deliveries.id))
    .limit(limit)
}

/** One call for an envelope; `outcome` is null when nobody knows, in JSON an instant is text. */
export type KnownAttempt = {
  startedAt: string
  outcome: string | null
  statusCode: number | null
  errorName: string | null
}

const isTroubled = and(
  inArray(deliveries.status, ['failed', 'parked']),
  sql`${deliveries.reason} is distinct from ${heldReason}`,
  inArray(enrollments.status, ['active', 'held']),
)

/** How many mails wait for a person's word. */
export async function countMailsInTrouble(db: Db): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(deliveries)
    .innerJoin(enrollments, eq(enrollments.id, deliveries.enrollmentId))
    .where(isTroubled)
  return row!.count
}

/** Ids of the parked deliveries that a dispatch holds, in their order. */
export async function listParkedMembers(db: Db, dispatchId: string): Promise<string[]> {
  const rows = await db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(inEnvelope(dispatchId), eq(deliveries.status, 'parked')))
    .orderBy(asc(deliveries.id))
  return rows.map(({ id }) => id)
}

/** Deliveries that failed or are parked, newest first. */
export async function listTroubledDeliveries(db: Db, limit: number) {
  return db
    .select({
      id: deliveries.id,
      step: deliveries.step,
      status: deliveries.status,
      reason: deliveries.reason,
    })
    .from(deliveries)
    .where(inArray(deliveries.status, ['failed', 'parked']))
    .orderBy(desc(deliveries.id))
    .limit(limit)
}
