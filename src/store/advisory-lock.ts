import { sql } from 'drizzle-orm'
import type { Db } from './db.ts'

/** Runs `work` while nobody else in any process runs under the same number. */
export async function withAdvisoryLock(db: Db, lock: number, work: () => Promise<void>): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${lock})`)
    await work()
  })
}
