import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import { deliveries, enrollments } from '../../drizzle/schema/index.ts'
import type { Pace } from '../core/pace.ts'
import type { Plan } from '../core/schedule.ts'
import type { Db } from './db.ts'
import type { Delivery } from './deliveries.ts'

const running = (leadId: string) =>
  and(eq(enrollments.leadId, leadId), inArray(enrollments.status, ['active', 'held']))

/** How a lead gets the mails of what runs, the oldest first; empty when nothing does. */
export async function findPaces(db: Db, leadId: string): Promise<Pace[]> {
  return db
    .select({ slow: enrollments.slow, pausedUntil: enrollments.pausedUntil })
    .from(enrollments)
    .where(running(leadId))
    .orderBy(asc(enrollments.startedAt), asc(enrollments.id))
}

/**
 * Sets how a lead gets the mails of all that runs, held enrollments included, and locks those enrollments: an accept
 * that plans the next mail either came before and is seen from here on, or waits and plans by what is set now.
 */
export async function setPace(db: Db, leadId: string, pace: Partial<Pace>) {
  return db.update(enrollments).set(pace).where(running(leadId)).returning({
    id: enrollments.id,
    definitionHash: enrollments.definitionHash,
    slow: enrollments.slow,
    pausedUntil: enrollments.pausedUntil,
  })
}

const ahead = and(inArray(deliveries.status, ['waiting', 'sealed', 'parked']), isNull(deliveries.acceptedAt))

/** What of these enrollments has not gone out, as far as anybody knows. */
export async function listAhead(db: Db, enrollmentIds: readonly string[]): Promise<Delivery[]> {
  return db
    .select()
    .from(deliveries)
    .where(and(inArray(deliveries.enrollmentId, [...enrollmentIds]), ahead))
}

/** Moves a delivery that has not gone out; one that is sealed waits for its new time once its envelope is opened. */
export async function moveDelivery(db: Db, id: string, plan: Plan): Promise<void> {
  await db
    .update(deliveries)
    .set(plan)
    .where(and(eq(deliveries.id, id), ahead))
}
