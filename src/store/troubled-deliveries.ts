import { and, desc, eq, inArray, notInArray, or, sql } from 'drizzle-orm'
import { deliveries, dispatches, enrollments, leads } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'
import { heldReason } from './deliveries.ts'

/** Those of the given enrollments in which another delivery than these failed or is parked for its own sake. */
export async function findTroubledEnrollments(
  db: Db,
  enrollmentIds: readonly string[],
  except: readonly string[],
): Promise<Set<string>> {
  if (enrollmentIds.length === 0) return new Set()
  const rows = await db
    .selectDistinct({ id: deliveries.enrollmentId })
    .from(deliveries)
    .where(
      and(
        inArray(deliveries.enrollmentId, [...enrollmentIds]),
        inArray(deliveries.status, ['failed', 'parked']),
        notInArray(deliveries.id, [...except]),
        sql`${deliveries.reason} is distinct from ${heldReason}`,
      ),
    )
  return new Set(rows.map(({ id }) => id))
}

/** Mails on which a person has to decide, newest first, each with the calls made for it. */
export async function listMailsInTrouble(db: Db, limit: number) {
  return db
    .select({
      id: deliveries.id,
      step: deliveries.step,
      status: deliveries.status,
      reason: deliveries.reason,
      dueAt: deliveries.dueAt,
      leadId: leads.id,
      email: leads.email,
      firstName: leads.firstName,
      lastName: leads.lastName,
      dispatchId: deliveries.dispatchId,
      firstAttemptAt: dispatches.firstAttemptAt,
      proven: dispatches.proven,
      attempts: sql<KnownAttempt[]>`array(select jsonb_build_object('startedAt', a.started_at,
        'outcome', a.outcome, 'statusCode', a.status_code, 'errorName', a.error_name)
        from attempts a where a.dispatch_id = ${deliveries.dispatchId} order by a.fence)`,
    })
    .from(deliveries)
    .innerJoin(leads, eq(leads.id, deliveries.leadId))
    .innerJoin(enrollments, eq(enrollments.id, deliveries.enrollmentId))
    .leftJoin(dispatches, eq(dispatches.id, deliveries.dispatchId))
    .where(isTroubled)
    .orderBy(desc(deliveries.id))
    .limit(limit)
}

/** One call for an envelope; `outcome` is null when nobody knows, in JSON an instant is text. */
export type KnownAttempt = {
  startedAt: string
  outcome: string | null
  statusCode: number | null
  errorName: string | null
}

const isTroubled = and(
  inArray(deliveries.status, ['failed', 'parked']),
  sql`${deliveries.reason} is distinct from ${heldReason}`,
  // A last mail may fail after its enrollment has ended with it.
  or(
    inArray(enrollments.status, ['active', 'held']),
    and(eq(enrollments.status, 'finished'), eq(deliveries.status, 'failed')),
  ),
)

/** How many mails wait for a person's word. */
export async function countMailsInTrouble(db: Db): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(deliveries)
    .innerJoin(enrollments, eq(enrollments.id, deliveries.enrollmentId))
    .where(isTroubled)
  return row!.count
}
