import { and, eq, sql } from 'drizzle-orm'
import { attempts, dispatches } from '../../drizzle/schema/index.ts'
import type { AttemptOutcome } from '../core/dispatch.ts'
import type { Db } from './db.ts'
import { isOpen, isFree, type Dispatch } from './dispatches.ts'
import { bytesOf, unpackEnvelope } from './envelope-codec.ts'
import { restsNow } from './rest.ts'
import { named } from './statement.ts'

/**
 * Takes the dispatch for one attempt and writes the attempt down, in one statement, so that a call is never made
 * without a trace of it. Returns null when anything that was judged has changed since: a newer attempt, a lease,
 * a stop, a change of plan, a pause, a rest that the provider asked for. `pieces` are its bytes where they are at hand; null: they are read.
 */
export async function startAttempt(
  db: Db,
  judged: Pick<Dispatch, 'id' | 'fence' | 'dirty' | 'moved' | 'proven'>,
  now: Date,
  leaseMs: number,
  pieces: readonly string[] | null,
): Promise<{ fence: number; body: Buffer } | null> {
  const [started] = await takeForAttempt(db, { ...judged, now, leaseMs, reads: pieces === null })
  if (!started) return null
  return { fence: started.fence, body: pieces ? bytesOf(pieces) : await unpackEnvelope(started.body!) }
}

const takeForAttempt = named<{ fence: number; body: Buffer | null }>(
  'start_attempt',
  sql`
    with started as (
      update ${dispatches} set status = 'in-flight', fence = fence + 1, next_attempt_at = null,
        lease_until = clock_timestamp() + ${sql.placeholder('leaseMs')} * interval '1 millisecond',
        first_attempt_at = coalesce(first_attempt_at, ${sql.placeholder('now')})
      where id = ${sql.placeholder('id')} and fence = ${sql.placeholder('fence')} and dirty = ${sql.placeholder('dirty')}
        and moved = ${sql.placeholder('moved')} and proven = ${sql.placeholder('proven')} and body is not null and ${isOpen} and ${isFree}
        and not exists (select from settings where key = 'pause') and not ${restsNow}
      returning id, fence, body
    ), noted as (
      insert into attempts (dispatch_id, fence, started_at) select id, fence, clock_timestamp() from started
    )
    select fence, case when ${sql.placeholder('reads')} then body end as body from started`,
)

/** Outcomes of all attempts, oldest first; null where none was recorded. */
export async function listOutcomes(db: Db, dispatchId: string): Promise<(AttemptOutcome | null)[]> {
  const rows = await db
    .select({ outcome: attempts.outcome })
    .from(attempts)
    .where(eq(attempts.dispatchId, dispatchId))
    .orderBy(attempts.fence)
  return rows.map((row) => row.outcome)
}

/** Writes down what an attempt came to. */
export async function recordAttempt(
  db: Db,
  dispatchId: string,
  fence: number,
  {
    outcome,
    statusCode,
    errorName,
  }: { outcome: AttemptOutcome; statusCode: number | null; errorName: string | null },
): Promise<void> {
  await db
    .update(attempts)
    .set({ outcome, statusCode, errorName, recordedAt: sql`clock_timestamp()` })
    .where(
      and(eq(attempts.dispatchId, dispatchId), eq(attempts.fence, fence), sql`${attempts.outcome} is null`),
    )
}
