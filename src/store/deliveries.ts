import { and, asc, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import { deliveries, enrollments } from '../../drizzle/schema/index.ts'
import { type DeliveryNews, overwrittenBy } from '../core/delivery.ts'
import { envelopeLimit } from '../core/dispatch.ts'
import type { Plan } from '../core/schedule.ts'
import type { Db } from './db.ts'
import { newId } from './new-id.ts'
import { named } from './statement.ts'
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
  if (planned.length > 0) await insertPlanned(db, planColumns(planned, now))
}

/** The part of a statement that plans deliveries, those that `join` leaves of `plan`, from the values of `planColumns`. */
export const insertion = (join: SQL): SQL => sql`
  insert into ${deliveries} (id, enrollment_id, lead_id, step, status, first, due_at, window_closes_at, group_limit,
    created_at)
  select plan.id, enrollment_id, lead_id, step, 'waiting', first, due_at, window_closes_at, ${envelopeLimit}::int,
    ${sql.placeholder('now')}::timestamptz
  from unnest(
    ${sql.placeholder('planIds')}::uuid[], ${sql.placeholder('enrollmentIds')}::uuid[],
    ${sql.placeholder('leadIds')}::uuid[], ${sql.placeholder('steps')}::text[], ${sql.placeholder('firsts')}::boolean[],
    ${sql.placeholder('dueTimes')}::timestamptz[], ${sql.placeholder('closingTimes')}::timestamptz[],
    ${sql.placeholder('afters')}::uuid[]
  ) as plan (id, enrollment_id, lead_id, step, first, due_at, window_closes_at, after) ${join}
  on conflict (enrollment_id, step) do nothing`

/** `after`: the delivery that each of them follows. */
export const planColumns = (planned: readonly (PlannedDelivery & { after?: string })[], now: Date) => ({
  now,
  planIds: uuidList(planned.map(() => newId())),
  enrollmentIds: uuidList(planned.map(({ enrollmentId }) => enrollmentId)),
  leadIds: uuidList(planned.map(({ leadId }) => leadId)),
  steps: planned.map(({ step }) => step),
  firsts: planned.map(({ first }) => first),
  dueTimes: planned.map(({ dueAt }) => dueAt.toISOString()),
  closingTimes: planned.map(({ windowClosesAt }) => windowClosesAt?.toISOString() ?? null),
  afters: planned.map(({ after }) => after ?? null),
})

const insertPlanned = named('insert_deliveries', insertion(sql``))

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

/** Locks what waits for a lead, and so waits for whoever is sealing it. */
export async function lockWaiting(db: Db, leadId: string): Promise<void> {
  await db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(eq(deliveries.leadId, leadId), eq(deliveries.status, 'waiting')))
    .orderBy(asc(deliveries.id))
    .for('update')
}

/** Parks what still waits of these enrollments. */
export async function parkWaiting(db: Db, enrollmentIds: readonly string[], reason: string): Promise<void> {
  await db
    .update(deliveries)
    .set({ status: 'parked', reason })
    .where(and(inArray(deliveries.enrollmentId, [...enrollmentIds]), eq(deliveries.status, 'waiting')))
}

/** Lets parked deliveries of these enrollments wait again that were parked for this reason. */
export async function unparkDeliveries(
  db: Db,
  enrollmentIds: readonly string[],
  reason: string,
): Promise<void> {
  await db
    .update(deliveries)
    .set({ status: 'waiting', reason: null })
    .where(
      and(
        inArray(deliveries.enrollmentId, [...enrollmentIds]),
        eq(deliveries.status, 'parked'),
        eq(deliveries.reason, reason),
      ),
    )
}

/**
 * Lets one delivery that failed or is parked wait again from `now` on; false when it is neither. The mail that it was is
 * given up: its id is kept, for news of it may still come.
 */
export async function retryDelivery(db: Db, id: string, now: Date): Promise<boolean> {
  const rows = await db
    .update(deliveries)
    .set({
      status: 'waiting',
      dueAt: now,
      dispatchId: null,
      reason: null,
      givenUp: sql`coalesce(given_up, '{}') || array_remove(array[provider_id], null)`,
      providerId: null,
      messageId: null,
      acceptedAt: null,
    })
    .where(and(eq(deliveries.id, id), inArray(deliveries.status, ['failed', 'parked'])))
    .returning({ id: deliveries.id })
  return rows.length > 0
}

/** Notes a mail of a delivery that a person had given up before anybody knew its id. */
export async function noteGivenUp(db: Db, id: string, providerId: string): Promise<void> {
  await db
    .update(deliveries)
    .set({ givenUp: sql`array_append(given_up, ${providerId}::text)` })
    .where(eq(deliveries.id, id))
}

/** Takes that back: the mail arrived after all. */
export async function dropGivenUp(db: Db, id: string, providerId: string): Promise<void> {
  await db
    .update(deliveries)
    .set({ givenUp: sql`array_remove(given_up, ${providerId}::text)` })
    .where(eq(deliveries.id, id))
}

/** Why a delivery is cancelled that a person did not want to try again. */
export const skippedReason = 'skipped'

/** Takes one delivery off the plan that failed or is parked, whether or not the provider once took it. */
export async function skipDelivery(db: Db, id: string): Promise<void> {
  await db
    .update(deliveries)
    .set({ status: 'cancelled', reason: skippedReason })
    .where(and(eq(deliveries.id, id), inArray(deliveries.status, ['failed', 'parked'])))
}

/** Ends one delivery that cannot go out; false for what is known to have gone out: that stays as it is. */
export async function failDelivery(
  db: Db,
  id: string,
  status: 'failed' | 'parked' | 'cancelled',
  reason: string,
): Promise<boolean> {
  const rows = await db
    .update(deliveries)
    .set({ status, reason })
    .where(and(eq(deliveries.id, id), isNull(deliveries.acceptedAt)))
    .returning({ id: deliveries.id })
  return rows.length > 0
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

/** The delivery that the provider took under this id, which its events name; null for another service's mail. */
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
