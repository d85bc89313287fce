import { index, integer, pgTable } from 'drizzle-orm/pg-core'
import { bytea, instant } from './columns.ts'

/** How often a public form came from one connection or for one address of late. Times are the database's own. */
export const formCounts = pgTable(
  'form_counts',
  {
    /** Keyed hash of what is counted, and over how long. */
    key: bytea('key').primaryKey(),
    count: integer('count').notNull(),
    /** From then on it is counted from nothing. */
    endsAt: instant('ends_at').notNull(),
  },
  (table) => [index('form_counts_ends').on(table.endsAt)],
)
