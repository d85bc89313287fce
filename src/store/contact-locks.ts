import { type SQL, sql } from 'drizzle-orm'
import type { Db } from './db.ts'
import { named } from './statement.ts'

/**
 * Serialises everything that decides whether an address is mailed: capture, stop, suppression, erasure.
 * Held until the transaction ends. Taken before any row lock, so that the order is the same everywhere.
 */
export async function lockAddress(db: Db, foldedKey: string): Promise<void> {
  await db.execute(sql`select ${keyLock(sql`${foldedKey}`)}`)
}

/**
 * Serialises everything that finds a lead by this E.164 number, or makes it one's. Taken before the locks of addresses,
 * and held until the transaction ends.
 */
export async function lockPhone(db: Db, phone: string): Promise<void> {
  await db.execute(sql`select ${keyLock(sql`${phone}`)}`)
}

/** The call that takes the lock of an address or a number, for statements that take several: neither looks like the other. */
const keyLock = (key: SQL): SQL => sql`pg_advisory_xact_lock(hashtextextended(${key}, 0))`

/**
 * Locks the E.164 numbers of a batch and then its addresses until the transaction ends, in one order, so that two batches
 * never wait for each other. Plans made from here on go through indexes: they are kept while a table grows from nothing
 * to millions. Nor are they compiled: what looks dear before PostgreSQL has counted a table is not, and compiling it takes
 * seconds.
 */
export async function lockContacts(
  db: Db,
  phones: readonly string[],
  foldedKeys: readonly string[],
): Promise<void> {
  await lockEach(db, { keys: JSON.stringify([...[...phones].sort(), ...[...foldedKeys].sort()]) })
}

const lockEach = named(
  'lock_contacts',
  sql`
    select set_config('enable_seqscan', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true),
      set_config('jit', 'off', true),
      count(${keyLock(sql.raw('key'))}::text)
    from jsonb_array_elements_text(${sql.placeholder('keys')}::jsonb) as key`,
)
