import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm'
import { deliveries, enrollments, leads } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'

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
