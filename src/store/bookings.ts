import { and, asc, eq, isNotNull, isNull, or, sql } from 'drizzle-orm'
import { bookings, captures, clicks, deliveries } from '../../drizzle/schema/index.ts'
import type { BookingState } from '../core/booking.ts'
import type { Db } from './db.ts'

export type Booking = typeof bookings.$inferSelect

/** Serialises all that is told of these bookings, until the transaction ends. Taken before the locks of addresses. */
export async function lockBookings(db: Db, tool: string, externalIds: readonly string[]): Promise<void> {
  for (const externalId of [...new Set(externalIds)].sort())
    await db.execute(
      sql`select pg_advisory_xact_lock(hashtextextended(${`booking ${tool} ${externalId}`}, 0))`,
    )
}

/** The booking that a tool knows under an id of its own, or null. Who goes on to store it holds its lock. */
export async function findBooking(db: Db, tool: string, externalId: string): Promise<Booking | null> {
  const [row] = await db
    .select()
    .from(bookings)
    .where(and(eq(bookings.tool, tool), eq(bookings.externalId, externalId)))
  return row ?? null
}

export async function findBookingById(db: Db, id: string): Promise<Booking | null> {
  const [row] = await db.select().from(bookings).where(eq(bookings.id, id))
  return row ?? null
}

/** Stores all that is known of a booking. The caller holds its lock, and has put old and new together. */
export async function putBooking(
  db: Db,
  booking: BookingState & { tool: string; externalId: string; createdAt: Date },
): Promise<Booking> {
  const { tool, externalId, createdAt, ...state } = booking
  const [row] = await db
    .insert(bookings)
    .values({ tool, externalId, createdAt, ...state })
    .onConflictDoUpdate({ target: [bookings.tool, bookings.externalId], set: state })
    .returning()
  return row!
}

/** All bookings of a lead, in the order of their last changes. */
export async function listBookings(db: Db, leadId: string): Promise<Booking[]> {
  return db.select().from(bookings).where(eq(bookings.leadId, leadId)).orderBy(asc(bookings.occurredAt))
}

/** Gives a booking to a lead, or leaves it with none; either way it is in doubt no longer. */
export async function assignBooking(
  db: Db,
  id: string,
  to: Pick<BookingState, 'leadId' | 'matchedBy'> & { enrollmentId?: string | null },
): Promise<void> {
  await db
    .update(bookings)
    .set({ ...to, doubt: null })
    .where(eq(bookings.id, id))
}

/** Notes that a doubtful booking is nobody's, and forgets whose it might be. False when it is not in doubt. */
export async function disownBooking(db: Db, id: string): Promise<boolean> {
  const rows = await db
    .update(bookings)
    .set({
      leadId: null,
      enrollmentId: null,
      matchedBy: 'person',
      doubt: null,
      emailKey: null,
      phone: null,
      deliveryId: null,
      clickedDeliveryId: null,
      receivedDeliveryId: null,
      firstSourceId: null,
    })
    .where(and(eq(bookings.id, id), isNotNull(bookings.doubt)))
    .returning({ id: bookings.id })
  return rows.length > 0
}

/**
 * Credits a booking with the mail of its lead that was last clicked before it, and the one last received; notes where the
 * lead first came from. Our token proves a click that was not stored, no sooner than its mail went out. The caller holds
 * the locks of the booking and of the lead's address.
 */
export async function creditBooking(db: Db, id: string): Promise<void> {
  await db.execute(sql`
    update ${bookings} b set
      clicked_delivery_id = (
        select click.delivery_id from (
          select c.delivery_id, c.at from ${clicks} c
          where c.lead_id = b.lead_id and c.discount is null and c.at <= b.booked_at
          union all
          select d.id, d.accepted_at from ${deliveries} d where d.id = b.delivery_id and d.lead_id = b.lead_id
        ) click order by click.at desc nulls last limit 1),
      received_delivery_id = (
        select d.id from ${deliveries} d
        where d.lead_id = b.lead_id and d.accepted_at <= b.booked_at
          and d.status in ('sent', 'delivered', 'complained')
        order by d.accepted_at desc, d.id desc limit 1),
      first_source_id = (
        select c.source_id from ${captures} c where c.lead_id = b.lead_id order by c.received_at, c.id limit 1)
    where b.id = ${id}`)
}

/** Notes which enrollment asks for a new booking in place of this one; null when none does any more. */
export async function setRebookEnrollment(
  db: Db,
  id: string,
  rebookEnrollmentId: string | null,
): Promise<void> {
  await db.update(bookings).set({ rebookEnrollmentId }).where(eq(bookings.id, id))
}

/** Bookings whose lead a person should look at, oldest first. */
export async function listDoubtfulBookings(db: Db, limit: number) {
  return db
    .select({
      id: bookings.id,
      tool: bookings.tool,
      status: bookings.status,
      startsAt: bookings.startsAt,
      doubt: bookings.doubt,
      leadId: bookings.leadId,
      emailKey: bookings.emailKey,
      phone: bookings.phone,
      createdAt: bookings.createdAt,
    })
    .from(bookings)
    .where(isNotNull(bookings.doubt))
    .orderBy(asc(bookings.createdAt))
    .limit(limit)
}

/** Bookings that belong to nobody, under an E.164 number. */
export async function listOrphans(db: Db, phone: string): Promise<Booking[]> {
  return db
    .select()
    .from(bookings)
    .where(and(eq(bookings.phone, phone), isNull(bookings.leadId)))
}

/** Takes what is personal out of a lead's bookings, and out of nobody's under its address or number; null for none. */
export async function blankBookings(
  db: Db,
  lead: { id: string; emailKey: string | null; phone: string | null },
): Promise<void> {
  const { id, emailKey, phone } = lead
  await db
    .update(bookings)
    .set({ emailKey: null, phone: null })
    .where(
      or(
        eq(bookings.leadId, id),
        emailKey === null ? undefined : eq(bookings.emailKey, emailKey),
        phone === null ? undefined : and(eq(bookings.phone, phone), isNull(bookings.leadId)),
      ),
    )
}
