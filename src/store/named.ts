import { fillPlaceholders, type SQL } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import type { Session } from './db.ts'

/**
 * A statement that PostgreSQL parses and plans once a connection and not at every call. Its parameters are the
 * placeholders of `statement`. It is sent before the call returns, so that calls keep their order.
 */
export function named<Row extends object>(name: string, statement: SQL) {
  const { sql: text, params } = new PgDialect().sqlToQuery(statement)
  return async (session: Session, parameters: Record<string, unknown>): Promise<Row[]> => {
    const values = fillPlaceholders(params, parameters)
    return (await session.query<Row>({ name, text, values })).rows
  }
}
