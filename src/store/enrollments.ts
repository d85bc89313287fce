import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import { deliveries, enrollments, sequenceDefinitions } from '../../drizzle/schema/index.ts'
import type { StopReason } from '../core/enrollment.ts'
import type { Sequence } from '../core/sequence.ts'
import type { Db } from './db.ts'
import { skippedReason } from './deliveries.ts'
import { uuidList } from './uuid-list.ts'

export type Enrollment = typeof enrollments.$inferSelect

/** Enrollments of a lead, newest first. */
export async function findEnrollments(db: Db, leadId: string): Promise<Enrollment[]> {
  return db
    .select()
    .from(enrollments)
    .where(eq(enrollments.leadId, leadId))
    .orderBy(desc(enrollments.startedAt), desc(enrollments.id))
}

export async function findEnrollment(db: Db, id: string): Promise<Enrollment | null> {
  const [row] = await db.select().from(enrollments).where(eq(enrollments.id, id))
  return row ?? null
}

/** Stores an enrollment that is active at once. The caller holds its address's lock, and has looked at what else runs. */
export async function insertEnrollment(
  db: Db,
  enrollment: Omit<typeof enrollments.$inferInsert, 'id' | 'status'>,
): Promise<Enrollment> {
  const [row] = await db
    .insert(enrollments)
    .values({ ...enrollment, status: 'active' })
    .returning()
  return row!
}

/** Stops what runs of a lead, held enrollments included; returns their ids. */
export async function stopEnrollments(
  db: Db,
  leadId: string,
  reason: StopReason,
  now: Date,
): Promise<string[]> {
  const rows = await db
    .update(enrollments)
    .set({ status: 'stopped', stopReason: reason, endedAt: now })
    .where(and(eq(enrollments.leadId, leadId), inArray(enrollments.status, ['active', 'held'])))
    .returning({ id: enrollments.id })
  return rows.map((row) => row.id)
}

/** Moves active enrollments to finished or held; stopped ones stay stopped. */
export async function settleEnrollments(
  db: Db,
  ids: readonly string[],
  status: 'finished' | 'held',
  now: Date,
): Promise<void> {
  if (ids.length === 0) return
  await db
    .update(enrollments)
    .set({ status, endedAt: status === 'finished' ? now : null })
    .where(and(inArray(enrollments.id, [...ids]), eq(enrollments.status, 'active')))
}

/** Those of the given active enrollments whose last step went out, or was skipped, and of which nothing else is left. */
export async function findEnded(
  db: Db,
  asked: readonly { id: string; lastStep: string }[],
): Promise<string[]> {
  if (asked.length === 0) return []
  const { rows } = await db.execute<{ id: string }>(sql`
    select e.id from ${enrollments} e
    join unnest(${uuidList(asked.map(({ id }) => id))}::uuid[], ${sql.param(asked.map(({ lastStep }) => lastStep))}::text[])
      as asked (id, last_step) on asked.id = e.id
    where e.status = 'active'
      and exists (select from ${deliveries} d where d.enrollment_id = e.id and d.step = asked.last_step
        and (d.accepted_at is not null or d.status = 'cancelled' and d.reason = ${skippedReason}))
      and not exists (select from ${deliveries} d where d.enrollment_id = e.id
        and d.status in ('waiting', 'sealed', 'parked', 'failed'))`)
  return rows.map(({ id }) => id)
}

/** Keeps a sequence's definition under its hash for as long as the database lives. */
export async function ensureDefinition(db: Db, hash: string, definition: Sequence, now: Date): Promise<void> {
  await db
    .insert(sequenceDefinitions)
    .values({ hash, sequence: definition.key, definition, createdAt: now })
    .onConflictDoNothing()
}

/** The sequence stored under the hash of its content; null when it is not there. */
export async function findDefinition(db: Db, hash: string): Promise<Sequence | null> {
  const [row] = await db
    .select({ definition: sequenceDefinitions.definition })
    .from(sequenceDefinitions)
    .where(eq(sequenceDefinitions.hash, hash))
  return row?.definition ?? null
}

/** Definitions that running enrollments still follow. */
export async function definitionsInUse(db: Db): Promise<Sequence[]> {
  const rows = await db
    .select({ definition: sequenceDefinitions.definition })
    .from(sequenceDefinitions)
    .where(
      sql`exists (select from ${enrollments} where ${enrollments.definitionHash} = ${sequenceDefinitions.hash}
                  and ${enrollments.status} in ('active', 'held'))`,
    )
  return rows.map((row) => row.definition)
}

/** Lets an enrollment run again that staff stopped. */
export async function reopenEnrollment(db: Db, id: string): Promise<void> {
  await db
    .update(enrollments)
    .set({ status: 'active', stopReason: null, endedAt: null })
    .where(
      and(eq(enrollments.id, id), eq(enrollments.status, 'stopped'), eq(enrollments.stopReason, 'staff')),
    )
}

/** Lets held enrollments run again. */
export async function unholdEnrollments(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await db
    .update(enrollments)
    .set({ status: 'active' })
    .where(and(inArray(enrollments.id, [...ids]), eq(enrollments.status, 'held')))
}
