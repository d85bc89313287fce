import type { Context } from '../context.ts'
import type { SendResult } from '../mail/mailer.ts'
import { noteUsedToday } from '../store/daily-quota.ts'
import { restSending } from '../store/settings.ts'
import { pause } from './pause.ts'

/** A rate limit that does not say how long lasts no longer than a second. */
const usualRestMs = 1_000

/**
 * Does what an answer asks of all workers and every kind of mail: pauses for trouble of the account, rests for a rate
 * limit, and notes what is used of the day's quota.
 */
export async function heedAnswer(
  ctx: Pick<Context, 'config' | 'db' | 'clock' | 'log'>,
  result: SendResult,
): Promise<void> {
  const now = ctx.clock.now()
  if (result.trouble)
    await pause(ctx, { reason: result.trouble.reason, until: result.trouble.until?.toISOString() ?? null })
  if (result.outcome === 'rate-limited') {
    const ms = result.retryAfterMs ?? usualRestMs
    await restSending(ctx.db, ms, now)
    ctx.log.warn({ ms }, 'rate limit: all sending rests')
  }
  if (ctx.config.sending.dailyQuota !== null && result.dailyUsed !== null)
    await noteUsedToday(ctx.db, result.dailyUsed, new Date(), now)
}
