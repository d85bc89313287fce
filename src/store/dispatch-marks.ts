import { type SQL, sql } from 'drizzle-orm'
import { deliveries, dispatches } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'
import { isOpen } from './dispatches.ts'
import { uuidList } from './uuid-list.ts'

/** Marks every open dispatch that holds a sealed delivery of this lead: its first attempt must not start. */
export const markDirty = (db: Db, leadId: string): Promise<void> => markHolding(db, sql`lead_id = ${leadId}`)

/** The same of these enrollments. */
export const markEnrollmentsDirty = (db: Db, ids: readonly string[]): Promise<void> =>
  markHolding(db, sql`enrollment_id = any(${uuidList(ids)}::uuid[])`)

async function markHolding(db: Db, whose: SQL): Promise<void> {
  await db.execute(sql`
    update ${dispatches} set dirty = true
    where ${isOpen} and not dirty and id in (
      select dispatch_id from ${deliveries} where ${whose} and status = 'sealed')`)
}

/**
 * Has envelopes opened that hold a sealed delivery of this lead, as soon as it is sure that the provider has not taken
 * them: they are planned anew. One that it may have taken is left to its replay, or its other members would wait for nothing.
 */
export async function reopenUntaken(db: Db, leadId: string): Promise<void> {
  await db.execute(sql`
    update ${dispatches} set moved = true
    where ${isOpen} and not moved and id in (
      select dispatch_id from ${deliveries} where lead_id = ${leadId} and status = 'sealed')`)
}

/** The provider's clock may be behind ours. */
const skewMs = 60_000

/**
 * Notes that the provider took the envelope a delivery is in, and lets its replay go ahead at once. `takenAt` is when it
 * took the mail, where it says so. One that nobody had attempted by then is another envelope than the one that was
 * taken, which a person gave up and let go again: it proves nothing of this one, which counts as dirty.
 */
export async function markProven(db: Db, deliveryId: string, takenAt: Date | null): Promise<void> {
  // Clocks are compared only where a person gave one up: ours may be ahead by more than that.
  const isOurs = sql`(first_attempt_at is not null and (d.given_up is null
    or first_attempt_at <= ${takenAt ?? 'infinity'}::timestamptz + ${skewMs} * interval '1 millisecond'))`
  await db.execute(sql`
    update ${dispatches} set proven = ${isOurs}, dirty = dirty or not ${isOurs}, next_attempt_at = null
    from ${deliveries} d
    where d.id = ${deliveryId} and ${dispatches.id} = d.dispatch_id and ${isOpen} and not proven`)
}
