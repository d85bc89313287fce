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
