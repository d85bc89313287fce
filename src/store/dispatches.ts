import { and, eq, inArray, sql } from 'drizzle-orm'
import { attempts, deliveries, dispatches } from '../../drizzle/schema/index.ts'
import { type AttemptOutcome, openDispatchStatuses } from '../core/dispatch.ts'
import { type Db, together } from './db.ts'
import { packEnvelope } from './envelope-codec.ts'
import { refusalsKey } from './refusals.ts'
import { restsNow } from './rest.ts'
import { named } from './statement.ts'
import { uuidList } from './uuid-list.ts'

/** What an attempt is judged and made by; `erased` when erasure took its bytes away. */
export type Dispatch = Pick<
  typeof dispatches.$inferSelect,
  'id' | 'deliveryIds' | 'first' | 'sendBy' | 'dirty' | 'moved' | 'proven' | 'fence' | 'firstAttemptAt'
> & { erased: boolean }

/** It may still be attempted. */
export const isOpen = inArray(dispatches.status, [...openDispatchStatuses])
/** Nobody attempts it now, and its back-off is over. Leases and back-off run on the database's own time. */
export const isFree = sql`(${dispatches.leaseUntil} is null or ${dispatches.leaseUntil} < clock_timestamp())
  and (${dispatches.nextAttemptAt} is null or ${dispatches.nextAttemptAt} <= clock_timestamp())`

type Sealed = Pick<typeof dispatches.$inferInsert, 'id' | 'deliveryIds' | 'first' | 'sendBy' | 'sealedAt'> & {
  /** The request's bytes, in pieces. */
  body: readonly string[]
}

/**
 * Puts waiting deliveries, whose locks the caller holds, into new dispatches. All are packed before the first statement
 * is sent, and then all are sent at once: none comes after a rollback that another one caused.
 */
export async function sealDispatches(db: Db, sealed: readonly Sealed[]): Promise<void> {
  const packed = sealed.map((one) => ({
    ...one,
    deliveryIds: uuidList(one.deliveryIds),
    body: packEnvelope(one.body),
  }))
  await Promise.all(together(db, () => packed.map((one) => sealDispatch(db, one))))
}

const sealDispatch = named(
  'seal_dispatch',
  sql`
    with sealed as (
      update ${deliveries} set status = 'sealed', dispatch_id = ${sql.placeholder('id')}
      where id = any(${sql.placeholder('deliveryIds')}::uuid[])
    )
    insert into ${dispatches} (id, delivery_ids, body, status, first, send_by, sealed_at)
    values (${sql.placeholder('id')}, ${sql.placeholder('deliveryIds')}::uuid[], ${sql.placeholder('body')}, 'sealed',
      ${sql.placeholder('first')}, ${sql.placeholder('sendBy')}, ${sql.placeholder('sealedAt')})`,
)

/** Why a dispatch rests that the provider has no room for now. */
export const rateLimited = 'rate limit'

/** It waits for its turn. */
const waits = sql`(${dispatches.status} = 'sealed' or ${dispatches.reason} is not distinct from ${rateLimited})`
const reserved = sql<boolean>`(${dispatches.first} and ${waits})`

/**
 * Dispatches that could be attempted now, first mails first, none while the provider wants no calls; `fence` tells one
 * generation of a job from the next.
 * `reserved`: first mails of which no call has hung or stayed unclear, so that they may use what is kept for them.
 */
export async function listFreeDispatches(
  db: Db,
  limit: number,
): Promise<{ id: string; fence: number; reserved: boolean }[]> {
  return (
    db
      .select({ id: dispatches.id, fence: dispatches.fence, reserved })
      .from(dispatches)
      .where(and(isOpen, isFree, sql`not ${restsNow}`))
      // Those in doubt may be more than the limit, and a new lead's first mail must not wait behind them.
      .orderBy(sql`${reserved} desc, ${dispatches.first} desc, ${dispatches.sealedAt}`)
      .limit(limit)
  )
}

/**
 * Envelopes that wait for their turn, of first mails and of the others: how far sealing runs ahead of sending.
 * `inDoubt`: those of the others that were first attempted after `doubtSince` and have no clear answer yet.
 */
export async function countUnattempted(
  db: Db,
  doubtSince: Date,
): Promise<{ first: number; others: number; inDoubt: number }> {
  const [row] = await db
    .select({
      first: sql<number>`count(*) filter (where ${waits} and ${dispatches.first})::int`,
      others: sql<number>`count(*) filter (where ${waits} and not ${dispatches.first})::int`,
      inDoubt: sql<number>`count(*) filter (where not ${waits} and not ${dispatches.first}
        and ${dispatches.firstAttemptAt} > ${doubtSince})::int`,
    })
    .from(dispatches)
    .where(inArray(dispatches.status, ['sealed', 'retrying']))
  return row!
}

/**
 * Mails in envelopes that are not resolved: they may still use up the day's quota. `soon`: those of them that are about to,
 * without the ones first attempted before `doubtSince`, which may wait for evidence until the next day.
 */
export async function countOpenMails(db: Db, doubtSince: Date): Promise<{ all: number; soon: number }> {
  const mails = sql`sum(cardinality(${dispatches.deliveryIds}))`
  const [row] = await db
    .select({
      all: sql<number>`coalesce(${mails}, 0)::int`,
      soon: sql<number>`coalesce(${mails} filter (where ${waits} or ${dispatches.firstAttemptAt} > ${doubtSince}), 0)::int`,
    })
    .from(dispatches)
    .where(isOpen)
  return row!
}

/**
 * What was tried with a dispatch so far, oldest first, null where no outcome was recorded; and whether all sending is
 * paused.
 */
export type Tried = { outcomes: (AttemptOutcome | null)[]; paused: boolean }

/** A dispatch that nobody attempts now, without its bytes, with what there is to judge it by; null for any other. */
export async function findFreeDispatch(db: Db, id: string): Promise<(Dispatch & Tried) | null> {
  const [row] = await selectFree(db, { id })
  return row ?? null
}

const selectFree = named<Dispatch & Tried>(
  'find_free_dispatch',
  sql`
    select id, delivery_ids as "deliveryIds", first, send_by as "sendBy", dirty, moved, proven, fence,
      first_attempt_at as "firstAttemptAt", body is null as erased,
      array(select outcome::text from ${attempts} where dispatch_id = ${dispatches.id} order by ${attempts.fence}) as outcomes,
      exists (select from settings where key = 'pause') as paused
    from ${dispatches} where id = ${sql.placeholder('id')} and ${isOpen} and ${isFree}`,
)

/**
 * Writes down that an attempt was taken, and ends its dispatch as long as no newer one has begun: false when one has.
 * The attempt's own record stays either way, for envelopes are judged by all their attempts. `taken`: at least one mail
 * of it was, so that refusals before it were not for a reason that holds for all.
 */
export async function acceptDispatch(
  db: Db,
  attempt: { id: string; fence: number; statusCode: number | null; taken: boolean },
  now: Date,
): Promise<boolean> {
  return (await takeForAccepted(db, { ...attempt, now })).length > 0
}

const takeForAccepted = named(
  'accept_dispatch',
  sql`
    with noted as (
      update ${attempts} set outcome = 'accepted', status_code = ${sql.placeholder('statusCode')},
        recorded_at = clock_timestamp()
      where dispatch_id = ${sql.placeholder('id')} and fence = ${sql.placeholder('fence')} and outcome is null
    ), forgotten as (
      delete from settings where key = ${sql.raw(`'${refusalsKey}'`)} and ${sql.placeholder('taken')}::boolean
        and (value ->> 'count')::int > 0
    )
    update ${dispatches} set status = 'accepted', reason = null, resolved_at = ${sql.placeholder('now')},
      lease_until = null, next_attempt_at = null
    where id = ${sql.placeholder('id')} and fence = ${sql.placeholder('fence')} and ${isOpen}
    returning id`,
)

/**
 * Ends a dispatch, as long as no newer attempt has begun. The bytes of one that was opened go with it: nothing of it
 * was sent. Those of the others are kept for a while, for a person to look at or compare. Returns false when the fence
 * no longer matches.
 */
export async function resolveDispatch(
  db: Db,
  id: string,
  fence: number,
  status: 'accepted' | 'opened' | 'parked',
  reason: string | null,
  now: Date,
): Promise<boolean> {
  const rows = await db
    .update(dispatches)
    .set({
      status,
      reason,
      resolvedAt: now,
      leaseUntil: null,
      nextAttemptAt: null,
      ...(status === 'opened' ? { body: null } : {}),
    })
    .where(and(eq(dispatches.id, id), eq(dispatches.fence, fence), isOpen))
    .returning({ id: dispatches.id })
  return rows.length > 0
}

/** Lets a dispatch rest before its next attempt, as long as no newer one has begun. */
export async function delayDispatch(
  db: Db,
  id: string,
  fence: number,
  delayMs: number,
  reason: string,
): Promise<void> {
  await db
    .update(dispatches)
    .set({
      status: 'retrying',
      reason,
      leaseUntil: null,
      nextAttemptAt: sql`clock_timestamp() + ${delayMs} * interval '1 millisecond'`,
    })
    .where(and(eq(dispatches.id, id), eq(dispatches.fence, fence), isOpen))
}
