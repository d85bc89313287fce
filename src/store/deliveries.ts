import { and, asc, desc, eq, inArray, lte, sql } from 'drizzle-orm'
import { deliveries, enrollments, leads } from '../../drizzle/schema/index.ts'
import { type DeliveryNews, overwrittenBy } from '../core/delivery.ts'
import { envelopeLimit } from '../core/dispatch.ts'
import type { Plan } from '../core/schedule.ts'
import type { Db } from './db.ts'

export type Delivery = typeof deliveries.$inferSelect

export type PlannedDelivery = Plan & { enrollmentId: string; leadId: string; step: string; first: boolean }

/** Plans deliveries; one that is planned already stays as it is. */
export async function insertDeliveries(
  db: Db,
  planned: readonly PlannedDelivery[],
  now: Date,
): Promise<void> {
  if (planned.length === 0) return
  await db
    .insert(deliveries)
    .values(
      planned.map((plan) => ({
        ...plan,
        status: 'waiting' as const,
        groupLimit: envelopeLimit,
        createdAt: now,
      })),
    )
    .onConflictDoNothing({ target: [deliveries.enrollmentId, deliveries.step] })
}

/**
 * Locks up to `limit` deliveries that are due, first mails first, skipping those another transaction holds.
 * A stop updates these very rows, so what is returned is not stopped, and cannot be until the transaction ends.
 */
export async function claimDue(db: Db, now: Date, limit: number) {
  return db
    .select({
      delivery: deliveries,
      lead: leads,
      definitionHash: enrollments.definitionHash,
      topical: enrollments.topical,
    })
    .from(deliveries)
    .innerJoin(enrollments, eq(enrollments.id, deliveries.enrollmentId))
    .innerJoin(leads, eq(leads.id, deliveries.leadId))
    .where(and(eq(deliveries.status, 'waiting'), lte(deliveries.dueAt, now)))
    .orderBy(desc(deliveries.first), asc(deliveries.dueAt))
    .limit(limit)
    .for('update', { of: deliveries, skipLocked: true })
}

/** Puts waiting deliveries into a dispatch. The caller holds their locks. */
export async function sealDeliveries(db: Db, ids: readonly string[], dispatchId: string): Promise<void> {
  await db
    .update(deliveries)
    .set({ status: 'sealed', dispatchId })
    .where(inArray(deliveries.id, [...ids]))
}

export async function replanDelivery(db: Db, id: string, plan: Plan): Promise<void> {
  await db.update(deliveries).set(plan).where(eq(deliveries.id, id))
}

/** Takes deliveries off the plan for a reason; only those that still wait. */
export async function cancelWaiting(db: Db, leadId: string, reason: string): Promise<void> {
  await db
    .update(deliveries)
    .set({ status: 'cancelled', reason })
    .where(and(eq(deliveries.leadId, leadId), eq(deliveries.status, 'waiting')))
}

/** Ends one delivery that cannot go out. */
export async function failDelivery(
  db: Db,
  id: string,
  status: 'failed' | 'parked' | 'cancelled',
  reason: string,
): Promise<void> {
  await db.update(deliveries).set({ status, reason }).where(eq(deliveries.id, id))
}

/** Ends all deliveries of a dispatch that has no answer yet; returns their enrollments. */
export async function parkSealed(db: Db, dispatchId: string, reason: string): Promise<string[]> {
  const rows = await db
    .update(deliveries)
    .set({ status: 'parked', reason })
    .where(and(eq(deliveries.dispatchId, dispatchId), eq(deliveries.status, 'sealed')))
    .returning({ enrollmentId: deliveries.enrollmentId })
  return rows.map((row) => row.enrollmentId)
}

/**
 * Takes the unanswered deliveries out of a dispatch: back to waiting while their enrollment runs, else cancelled.
 * `groupLimit` null leaves the size of their next envelope as it was.
 */
export async function unsealDeliveries(db: Db, dispatchId: string, groupLimit: number | null): Promise<void> {
  await db.execute(sql`
    update ${deliveries} set
      status = case when e.status = 'active' then 'waiting' else 'cancelled' end::delivery_status,
      reason = case when e.status = 'active' then null else e.stop_reason::text end,
      group_limit = coalesce(${groupLimit}::smallint, group_limit),
      dispatch_id = null
    from ${enrollments} e
    where e.id = ${deliveries.enrollmentId} and ${deliveries.dispatchId} = ${dispatchId}
      and ${deliveries.status} = 'sealed'`)
}

/**
 * Notes that the provider took these deliveries, whichever way that became known; returns those for which it is news.
 * Even one that was cancelled or opened meanwhile: what went out went out.
 */
export async function acceptDeliveries(
  db: Db,
  accepted: readonly { id: string; providerId: string }[],
  now: Date,
): Promise<Pick<Delivery, 'id' | 'enrollmentId' | 'leadId' | 'step'>[]> {
  if (accepted.length === 0) return []
  const values = sql.join(
    accepted.map(({ id, providerId }) => sql`(${id}::uuid, ${providerId}::text)`),
    sql`, `,
  )
  const { rows } = await db.execute<{ id: string; enrollmentId: string; leadId: string; step: string }>(sql`
    update ${deliveries} d set
      status = case when d.status in ('waiting', 'cancelled', 'sealed', 'parked') then 'sent' else d.status end,
      provider_id = v.provider_id, accepted_at = ${now}, reason = null
    from (values ${values}) as v (id, provider_id)
    where d.id = v.id and d.accepted_at is null
    returning d.id, d.enrollment_id as "enrollmentId", d.lead_id as "leadId", d.step`)
  return rows
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

/** Deliveries by id, in no order. */
export async function deliveriesById(db: Db, ids: readonly string[]): Promise<Delivery[]> {
  return db
    .select()
    .from(deliveries)
    .where(inArray(deliveries.id, [...ids]))
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
  const [row] = await db
    .select({ dueAt: deliveries.dueAt })
    .from(deliveries)
    .where(eq(deliveries.status, 'waiting'))
    .orderBy(asc(deliveries.dueAt))
    .limit(1)
  return row?.dueAt ?? null
}

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
    .where(and(eq(deliveries.status, 'waiting'), lte(deliveries.dueAt, until)))
    .orderBy(asc(deliveries.dueAt))
    .limit(limit)
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
