import { and, desc, eq, lt } from 'drizzle-orm'
import { auditLog } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'

/** Writes down what a person did. `subject` is an id, never personal data. */
export async function insertAudit(
  db: Db,
  entry: { actor: string; action: string; subject: string; detail?: unknown },
  now: Date,
): Promise<void> {
  await db.insert(auditLog).values({ ...entry, at: now })
}

/** When somebody did this last; null when nobody ever did. */
export async function findLastAct(db: Db, action: string, subject: string): Promise<Date | null> {
  const [row] = await db
    .select({ at: auditLog.at })
    .from(auditLog)
    .where(and(eq(auditLog.action, action), eq(auditLog.subject, subject)))
    .orderBy(desc(auditLog.at))
    .limit(1)
  return row?.at ?? null
}

export type AuditEntry = typeof auditLog.$inferSelect

/** What people did, the newest first, from before the entry `before`; null for the newest of all. */
export async function listAudit(
  db: Db,
  { before, limit }: { before: string | null; limit: number },
): Promise<AuditEntry[]> {
  return db
    .select()
    .from(auditLog)
    .where(before === null ? undefined : lt(auditLog.id, before))
    .orderBy(desc(auditLog.id))
    .limit(limit)
}
