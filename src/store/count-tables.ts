import { sql } from 'drizzle-orm'
import { captures, consents, deliveries, enrollments, leads } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'

/**
 * Counts the tables that a capture is looked up in. Of a table that it has never counted, PostgreSQL takes any index for
 * as good as another, and its own counting comes up to a minute late: by then a list has made it large.
 */
export async function countTables(db: Db): Promise<void> {
  await db.execute(sql`analyze ${leads}, ${captures}, ${consents}, ${enrollments}, ${deliveries}`)
}
