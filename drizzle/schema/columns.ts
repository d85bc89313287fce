import { customType, timestamp, uuid } from 'drizzle-orm/pg-core'
import { v7 } from 'uuid'

export const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })

/** Primary key: UUIDv7, so that rows lie on disk in the order of their making. */
export const id = () => uuid('id').primaryKey().$defaultFn(v7)

/** An instant in UTC. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
