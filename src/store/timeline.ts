import { asc, eq, getTableColumns } from 'drizzle-orm'
import { bookings, captures, consents, deliveries, enrollments, sources } from '../../drizzle/schema/index.ts'
import { listClicks } from './clicks.ts'
import type { Db } from './db.ts'
import { listReplies } from './replies.ts'

/** Everything that happened to one lead, each list oldest first. */
export async function readTimeline(db: Db, leadId: string) {
  const captured = await db
    .select({ at: captures.receivedAt, source: sources.name, outcome: captures.outcome })
    .from(captures)
    .innerJoin(sources, eq(sources.id, captures.sourceId))
    .where(eq(captures.leadId, leadId))
    .orderBy(asc(captures.receivedAt))
  const enrolled = await db
    .select()
    .from(enrollments)
    .where(eq(enrollments.leadId, leadId))
    .orderBy(asc(enrollments.startedAt))
  const sent = await db
    .select()
    .from(deliveries)
    .where(eq(deliveries.leadId, leadId))
    .orderBy(asc(deliveries.createdAt), asc(deliveries.id))
  const booked = await db
    .select({ ...getTableColumns(bookings), firstSource: sources.name })
    .from(bookings)
    .leftJoin(sources, eq(sources.id, bookings.firstSourceId))
    .where(eq(bookings.leadId, leadId))
    .orderBy(asc(bookings.occurredAt))
  const agreed = await db
    .select({ at: consents.givenAt, basis: consents.basis, proof: consents.proof })
    .from(consents)
    .where(eq(consents.leadId, leadId))
    .orderBy(asc(consents.givenAt), asc(consents.id))
  return {
    captures: captured,
    consents: agreed,
    enrollments: enrolled,
    deliveries: sent,
    bookings: booked,
    clicks: await listClicks(db, leadId),
    replies: await listReplies(db, leadId),
  }
}

export type Timeline = Awaited<ReturnType<typeof readTimeline>>
