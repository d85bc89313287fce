import { asc, desc, eq, getTableColumns, sql } from 'drizzle-orm'
import {
  auditLog,
  bookings,
  captures,
  consents,
  deliveries,
  dispatches,
  enrollments,
  providerEvents,
  sources,
} from '../../drizzle/schema/index.ts'
import { listClicks } from './clicks.ts'
import type { Db } from './db.ts'
import { listReplies } from './replies.ts'

/** Everything that is stored about one lead beside its own row, each list oldest first. */
export async function readLeadFile(db: Db, leadId: string) {
  // One after the other they would take ten trips to the database.
  const [captured, agreed, enrolled, sent, reported, booked, clicked, replied, acts] = await Promise.all([
    db
      .select({ ...getTableColumns(captures), source: sources.name })
      .from(captures)
      .innerJoin(sources, eq(sources.id, captures.sourceId))
      .where(eq(captures.leadId, leadId))
      .orderBy(asc(captures.receivedAt)),
    db.select().from(consents).where(eq(consents.leadId, leadId)).orderBy(asc(consents.givenAt)),
    db
      .select({ ...getTableColumns(enrollments), source: sources.name })
      .from(enrollments)
      .innerJoin(sources, eq(sources.id, enrollments.sourceId))
      .where(eq(enrollments.leadId, leadId))
      .orderBy(asc(enrollments.startedAt), asc(enrollments.id)),
    db
      .select({
        ...getTableColumns(deliveries),
        /** The mail is kept word for word. */
        kept: sql<boolean>`coalesce(${dispatches.body} is not null, false)`,
        /** How its envelope fares; null while it is in none. */
        dispatch: dispatches.status,
      })
      .from(deliveries)
      .leftJoin(dispatches, eq(dispatches.id, deliveries.dispatchId))
      .where(eq(deliveries.leadId, leadId))
      .orderBy(asc(deliveries.createdAt), asc(deliveries.id)),
    db
      .select()
      .from(providerEvents)
      .where(eq(providerEvents.leadId, leadId))
      .orderBy(asc(providerEvents.receivedAt)),
    db.select().from(bookings).where(eq(bookings.leadId, leadId)).orderBy(asc(bookings.occurredAt)),
    listClicks(db, leadId),
    listReplies(db, leadId),
    db
      .select()
      .from(auditLog)
      .where(eq(auditLog.subject, leadId))
      .orderBy(desc(auditLog.at))
      .limit(mostEntries),
  ])
  return {
    captures: captured,
    consents: agreed,
    enrollments: enrolled,
    deliveries: sent,
    events: reported,
    bookings: booked,
    clicks: clicked,
    replies: replied,
    /** What people did to it. */
    audit: acts.reverse(),
  }
}

/** Nobody is looked at this often; it keeps a page short all the same. */
const mostEntries = 500

export type LeadFile = Awaited<ReturnType<typeof readLeadFile>>
