import { and, asc, eq, isNotNull, sql } from 'drizzle-orm'
import { deliveries, dispatches, enrollments, leads } from '../../drizzle/schema/index.ts'
import type { EnrollmentStatus } from '../core/enrollment.ts'
import type { Pace } from '../core/pace.ts'
import type { Db } from './db.ts'
import { named } from './statement.ts'
import { uuidList } from './uuid-list.ts'
import {
  heldReason,
  skippedReason,
  type Delivery,
  insertion,
  planColumns,
  type PlannedDelivery,
} from './deliveries.ts'

/** What planning needs to know of a delivery's lead and enrollment. */
export type Member = Pick<Delivery, 'id' | 'enrollmentId' | 'leadId' | 'step' | 'status'> & {
  enrollmentStatus: EnrollmentStatus
  definitionHash: string
  timeZone: string | null
  /** A person gave up an earlier mail of it. */
  retried: boolean
} & Pace

/** Locks the enrollments of these deliveries, in the order of their ids as every writer does, and reads their members. */
export const lockMembers = (db: Db, ids: readonly string[]): Promise<Member[]> =>
  lockAndRead(db, { ids: uuidList(ids) })

const lockAndRead = named<Member>(
  'lock_members',
  sql`
    select d.id, d.enrollment_id as "enrollmentId", d.lead_id as "leadId", d.step, d.status,
      e.status as "enrollmentStatus", e.definition_hash as "definitionHash", l.time_zone as "timeZone",
      e.slow, e.paused_until as "pausedUntil", d.given_up is not null as retried
    from ${deliveries} d join ${enrollments} e on e.id = d.enrollment_id join ${leads} l on l.id = d.lead_id
    where d.id = any(${sql.placeholder('ids')}::uuid[])
    order by e.id for no key update of e`,
)

/** The deliveries that a dispatch holds now, found by their ids: millions of others are not looked at. */
const inEnvelope = (dispatchId: string) => sql`${deliveries.dispatchId} = ${dispatchId}
  and ${deliveries.id} = any((select delivery_ids from ${dispatches} where ${dispatches.id} = ${dispatchId})::uuid[])`

/** One of the deliveries of a dispatch that has no answer yet, now this one and now that, with its lead's address. */
export async function findSealedMember(db: Db, dispatchId: string) {
  const [row] = await db
    .select({
      id: deliveries.id,
      givenUp: deliveries.givenUp,
      email: leads.email,
      foldedKey: leads.foldedKey,
    })
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
 * it is news: their ids are returned. Even one that was cancelled or opened meanwhile: what went out went out. Only a mail
 * that a person gave up is not taken for the one that is to take its place: its envelope may still be asked for. Who
 * skipped a mail has decided on it, whatever comes: that word stays.
 */
export async function acceptDeliveries(
  db: Db,
  accepted: readonly { id: string; providerId: string | null }[],
  planned: readonly (PlannedDelivery & { after: string })[],
  now: Date,
): Promise<Set<string>> {
  const rows = await markAndPlan(db, {
    ...planColumns(planned, now),
    ids: uuidList(accepted.map(({ id }) => id)),
    providerIds: accepted.map(({ providerId }) => providerId),
  })
  return new Set(rows.map(({ id }) => id))
}

const markAndPlan = named<{ id: string }>(
  'accept_deliveries',
  sql`
    with news as (
      update ${deliveries} d set
        status = case when d.status in ('waiting', 'cancelled', 'sealed', 'parked') then 'sent' else d.status end,
        provider_id = v.provider_id, accepted_at = ${sql.placeholder('now')},
        reason = case when d.reason = ${skippedReason} then d.reason end
      from unnest(${sql.placeholder('ids')}::uuid[], ${sql.placeholder('providerIds')}::text[]) as v (id, provider_id)
      where d.id = v.id and d.accepted_at is null and not coalesce(v.provider_id = any(d.given_up), false)
      returning d.id
    ), planned as (
      ${insertion(sql`join news on news.id = plan.after`)}
    )
    select id from news`,
)

/** Ids of the parked deliveries that a dispatch holds, in their order. */
export async function listParkedMembers(db: Db, dispatchId: string): Promise<string[]> {
  const rows = await db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(inEnvelope(dispatchId), eq(deliveries.status, 'parked')))
    .orderBy(asc(deliveries.id))
  return rows.map(({ id }) => id)
}
