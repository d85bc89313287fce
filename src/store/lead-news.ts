import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import { clicks, deliveries } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'

/** Whether a lead has a booking that stands, or one that was made since then, whatever became of it. */
export async function hasBookedSince(db: Db, leadId: string, since: Date): Promise<boolean> {
  const { rows } = await db.execute<{ booked: boolean }>(sql`
    select exists (select from bookings where lead_id = ${leadId}
      and (status = 'booked' or stood and occurred_at >= ${since})) as booked`)
  return rows[0]!.booked
}

/** When a person followed the booking button of an enrollment's mails last; null when only programs did. */
export async function findPersonsClick(db: Db, enrollmentId: string): Promise<Date | null> {
  const [row] = await db
    .select({ at: clicks.at })
    .from(clicks)
    // By the lead as well: that is what clicks are found by.
    .innerJoin(deliveries, and(eq(deliveries.id, clicks.deliveryId), eq(deliveries.leadId, clicks.leadId)))
    .where(and(eq(deliveries.enrollmentId, enrollmentId), isNull(clicks.discount)))
    .orderBy(desc(clicks.at))
    .limit(1)
  return row?.at ?? null
}
