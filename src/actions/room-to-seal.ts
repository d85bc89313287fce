import type { Context } from '../context.ts'
import {
  envelopeLimit,
  evidenceReplayMs,
  quotaForFirst,
  shareForFirst,
  shareForOthers,
} from '../core/dispatch.ts'
import { findUsedToday, lockQuota } from '../store/daily-quota.ts'
import type { Db } from '../store/db.ts'
import { countOpenMails, countUnattempted } from '../store/dispatches.ts'

/** Envelopes of a kind in one transaction: few, so that the first is on its way while the next are still sealed. */
const envelopesAtOnce = 4
/** Mails of a kind that one transaction seals at most. */
export const sealedAtOnce = envelopesAtOnce * envelopeLimit

/** `shared`: what first mails take is taken from the others too. */
export type Room = { first: number; others: number; shared: boolean }

/**
 * How many mails may be sealed now, first mails and others apart, so that neither waits for the other: as many as
 * sending will soon take, and no more than is left of a day's quota, of which the others leave some for the first mails
 * of leads still to come.
 */
export async function roomToSeal(ctx: Pick<Context, 'config' | 'clock' | 'db'>): Promise<Room> {
  const { concurrency, firstConcurrency, requestsPerSecond, dailyQuota } = ctx.config.sending
  const doubtSince = new Date(ctx.clock.now().getTime() - evidenceReplayMs)
  const ahead = await countUnattempted(ctx.db, doubtSince)
  // Fewer: those that come while these wait for their turn then share one envelope.
  const firstAhead = Math.min(2 * firstConcurrency, Math.max(2, shareForFirst(requestsPerSecond)))
  const first = mails(firstAhead - ahead.first)
  // No more than half a second of the limit on calls: what waits sealed is only late, and as rows it is sealed fuller.
  const halfSecond = Math.ceil(shareForOthers(requestsPerSecond) / 2)
  // While the provider fails, each more that is sealed would be one more in doubt.
  const others = mails(Math.min(halfSecond, 2 * concurrency - ahead.inDoubt) - ahead.others)
  if (dailyQuota === null || first + others === 0) return { first, others, shared: false }
  const used = await findUsedToday(ctx.db, new Date())
  const open = await countOpenMails(ctx.db, doubtSince)
  const within = (room: number, quota: number) => Math.max(0, Math.min(room, quota - used))
  return {
    // What hangs in doubt may do so all day: a new lead does not wait for it, or the provider says that there is no more.
    first: within(first, dailyQuota - open.soon),
    others: within(others, dailyQuota - quotaForFirst(dailyQuota) - open.all),
    shared: true,
  }
}

/**
 * The same room for a transaction that will fill it. With a daily quota it is reckoned again, by one at a time until that
 * transaction ends: two who seal at once would both use what is left.
 */
export async function lockRoom(ctx: Context, tx: Db, room: Room): Promise<Room> {
  if (ctx.config.sending.dailyQuota === null) return room
  await lockQuota(tx)
  return roomToSeal({ ...ctx, db: tx })
}

const mails = (envelopes: number) => Math.max(0, Math.min(envelopes, envelopesAtOnce)) * envelopeLimit
