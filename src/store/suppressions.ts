import { asc, inArray, sql } from 'drizzle-orm'
import { suppressions } from '../../drizzle/schema/index.ts'
import type { SuppressionReason } from '../core/enrollment.ts'
import type { Db } from './db.ts'

export type SuppressionHash = { hash: Buffer; keyId: string; normalisation: number }

/** Suppresses an address for good; doing it twice changes nothing. */
export async function insertSuppression(
  db: Db,
  hash: SuppressionHash,
  reason: SuppressionReason,
  now: Date,
): Promise<void> {
  await db
    .insert(suppressions)
    .values({ ...hash, reason, createdAt: now })
    .onConflictDoNothing({ target: suppressions.hash })
}

/** Those of the given hashes that are suppressed, in hex. */
export async function findSuppressed(db: Db, hashes: readonly Buffer[]): Promise<Set<string>> {
  if (hashes.length === 0) return new Set()
  const rows = await db
    .select({ hash: suppressions.hash })
    .from(suppressions)
    // One array, however many there are: a parameter each would be parsed and planned anew for every envelope.
    .where(sql`${suppressions.hash} = any(${sql.param([...hashes])}::bytea[])`)
  return new Set(rows.map((row) => row.hash.toString('hex')))
}

/** Why and since when an address is suppressed, oldest first; `hashes` are its hashes under every key kept. */
export async function readSuppressions(db: Db, hashes: readonly Buffer[]) {
  return db
    .select({ id: suppressions.id, reason: suppressions.reason, since: suppressions.createdAt })
    .from(suppressions)
    .where(inArray(suppressions.hash, [...hashes]))
    .orderBy(asc(suppressions.createdAt))
}

/** Lifts suppressions by their ids; the caller holds the lock of their address. */
export async function deleteSuppressions(db: Db, ids: readonly string[]): Promise<void> {
  await db.delete(suppressions).where(inArray(suppressions.id, [...ids]))
}
