import type { Context } from '../context.ts'
import type { SendResult } from '../mail/mailer.ts'
import { noteUsedToday } from '../store/daily-quota.ts'
import type { Db } from '../store/db.ts'
import { restSending } from '../store/rest.ts'
import { pauseInside } from './pause.ts'

/** A rate limit that does not say how long lasts no longer than a second. */
const usualRestMs = 1_000
/** Who asks for a rest in words that we do not know is believed so far: a gateway's page may ask for hours. */
const longestOddRestMs = 5 * 60_000

/**
 * Does what an answer asks of all workers and every kind of mail: pauses for trouble of the account, rests for a rate
 * limit, and notes what is used of the day's quota. Inside the caller's transaction.
 */
export async function heedAnswer(
  ctx: Pick<Context, 'config' | 'clock' | 'log'>,
  tx: Db,
  result: SendResult,
): Promise<void> {
  const now = ctx.clock.now()
  if (result.trouble)
    await pauseInside(ctx, tx, {
      reason: result.trouble.reason,
      until: result.trouble.until?.toISOString() ?? null,
    })
  const ms = restMs(result)
  if (ms > 0) {
    await restSending(tx, ms, now)
    ctx.log.warn({ ms }, 'rate limit: all sending rests')
  }
  if (ctx.config.sending.dailyQuota !== null && result.dailyUsed !== null)
    await noteUsedToday(tx, result.dailyUsed, new Date(), now)
}

/** How long all calls have to rest after an answer: whatever it is, when it says so, and after any 429 that is no quota. */
function restMs({ outcome, statusCode, retryAfterMs, trouble }: SendResult): number {
  if (outcome === 'rate-limited') return retryAfterMs ?? usualRestMs
  if (outcome !== 'unknown' || trouble) return 0
  return Math.min(retryAfterMs ?? (statusCode === 429 ? usualRestMs : 0), longestOddRestMs)
}
