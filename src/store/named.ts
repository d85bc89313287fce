import type { SQL } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import type { QueryResult } from 'pg'
import type { Db } from './db.ts'

/**
 * A statement that PostgreSQL parses and plans once a connection and not at every call. Its parameters are the
 * placeholders of `statement`. Drizzle names only what its query builder made; this is the same for raw SQL.
 */
export function named<Row>(name: string, statement: SQL) {
  const query = new PgDialect().sqlToQuery(statement)
  return async (db: Db, parameters: Record<string, unknown>): Promise<Row[]> => {
    const prepared = db._.session.prepareQuery(query, undefined, name, false)
    return ((await prepared.execute(parameters)) as unknown as QueryResult).rows as Row[]
  }
}
