import { and, asc, eq, sql } from 'drizzle-orm'
import { alerts } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'

export type Alert = typeof alerts.$inferSelect

const isDue = sql`${alerts.status} = 'waiting' and ${alerts.nextAttemptAt} <= clock_timestamp()`

/** Asks for an alert, unless the same one waits already. */
export async function insertAlert(
  db: Db,
  alert: Pick<typeof alerts.$inferInsert, 'kind' | 'captureId' | 'replyId' | 'reason'>,
  now: Date,
): Promise<void> {
  await db
    .insert(alerts)
    .values({ ...alert, status: 'waiting', nextAttemptAt: sql`clock_timestamp()`, createdAt: now })
    .onConflictDoNothing()
}

export async function listDueAlerts(db: Db, limit: number): Promise<{ id: string; attempts: number }[]> {
  return db
    .select({ id: alerts.id, attempts: alerts.attempts })
    .from(alerts)
    .where(isDue)
    .orderBy(asc(alerts.nextAttemptAt))
    .limit(limit)
}

/** Takes an alert for `leaseMs`; null when it is sent, or another worker has it. */
export async function takeAlert(db: Db, id: string, leaseMs: number): Promise<Alert | null> {
  const [row] = await db
    .update(alerts)
    .set({
      attempts: sql`${alerts.attempts} + 1`,
      nextAttemptAt: sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'`,
    })
    .where(and(eq(alerts.id, id), isDue))
    .returning()
  return row ?? null
}

export async function closeAlert(db: Db, id: string, status: 'sent' | 'failed', now: Date): Promise<void> {
  await db
    .update(alerts)
    .set({ status, sentAt: status === 'sent' ? now : null })
    .where(eq(alerts.id, id))
}

/** Lets an alert rest that the account could not send, whatever it says: the try does not count. */
export async function restAlert(db: Db, id: string, delayMs: number): Promise<void> {
  await db
    .update(alerts)
    .set({
      attempts: sql`${alerts.attempts} - 1`,
      nextAttemptAt: sql`clock_timestamp() + ${delayMs} * interval '1 millisecond'`,
    })
    .where(eq(alerts.id, id))
}

/** Lets every waiting alert be tried at once. */
export async function wakeAlerts(db: Db): Promise<void> {
  await db
    .update(alerts)
    .set({ nextAttemptAt: sql`clock_timestamp()` })
    .where(eq(alerts.status, 'waiting'))
}

export async function delayAlert(db: Db, id: string, delayMs: number): Promise<void> {
  await db
    .update(alerts)
    .set({ nextAttemptAt: sql`clock_timestamp() + ${delayMs} * interval '1 millisecond'` })
    .where(eq(alerts.id, id))
}
