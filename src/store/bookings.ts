import { and, eq, lte, or } from 'drizzle-orm'
import { bookings } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'

export type Booking = typeof bookings.$inferSelect

/** Stores what a tool says of a booking; news older than what is known of it changes nothing. */
export async function saveBooking(
  db: Db,
  booking: Omit<typeof bookings.$inferInsert, 'id'>,
): Promise<Booking | null> {
  const { status, leadId, enrollmentId, matchedBy, emailKey, phone, startsAt, occurredAt } = booking
  const [row] = await db
    .insert(bookings)
    .values(booking)
    .onConflictDoUpdate({
      target: [bookings.tool, bookings.externalId],
      set: { status, leadId, enrollmentId, matchedBy, emailKey, phone, startsAt, occurredAt },
      setWhere: lte(bookings.occurredAt, occurredAt),
    })
    .returning()
  return row ?? null
}

/**
 * Carries a booking on under the new id that its tool gave it when it was moved. Should the new one be known already,
 * the old one no longer stands.
 */
export async function renameBooking(db: Db, tool: string, from: string, to: string): Promise<void> {
  const old = and(eq(bookings.tool, tool), eq(bookings.externalId, from))
  const known = await db
    .select({ id: bookings.id })
    .from(bookings)
    .where(and(eq(bookings.tool, tool), eq(bookings.externalId, to)))
  await db
    .update(bookings)
    .set(known.length > 0 ? { status: 'cancelled' } : { externalId: to })
    .where(old)
}

/** Takes what is personal out of a lead's bookings. */
export async function blankBookings(db: Db, leadId: string, emailKey: string): Promise<void> {
  await db
    .update(bookings)
    .set({ emailKey: null, phone: null })
    .where(or(eq(bookings.leadId, leadId), eq(bookings.emailKey, emailKey)))
}
