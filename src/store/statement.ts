import { fillPlaceholders, type SQL } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import type { Db } from './db.ts'

const dialect = new PgDialect()

/**
 * A statement that PostgreSQL parses and plans once a connection and not at every call. Its parameters are the
 * placeholders of `statement`. It is sent before the call returns, so that those of `inTwoTrips` keep their order: Drizzle
 * sends its own later.
 */
export function named<Row extends object>(name: string, statement: SQL) {
  const { sql: text, params } = dialect.sqlToQuery(statement)
  return async (db: Db, parameters: Record<string, unknown>): Promise<Row[]> => {
    const values = fillPlaceholders(params, parameters)
    return (await db.$client.query<Row>({ name, text, values })).rows
  }
}
