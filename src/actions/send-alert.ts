import type { Context } from '../context.ts'
import { retryDelayMs, shareForAsking } from '../core/dispatch.ts'
import { closeAlert, delayAlert, restAlert, takeAlert } from '../store/alerts.ts'
import { inTransaction } from '../store/db.ts'
import { awaitProviderTurn } from '../store/provider-turn.ts'
import { isResting } from '../store/rest.ts'
import { alertMails } from './alert-mails/index.ts'
import { heedAnswer } from './heed-answer.ts'

/** Tries after which an alert is given up and shown as failed: about an hour with the pauses between. */
const tryLimit = 20
/** How often one is tried that the account cannot send for now; a person who resumes lets all go at once. */
const troubleMs = 5 * 60_000

/**
 * Mails one alert to the front desk, or to whom its kind says: at least once, and as a rule once, under a key of its own.
 * What has come to nothing meanwhile is dropped. It goes through the same account as all mail: while that is blocked the
 * alert waits, and health and the log tell of it meanwhile.
 */
export async function sendAlert(ctx: Context, alertId: string): Promise<void> {
  if (await isResting(ctx.db)) return
  const share = shareForAsking(ctx.config.sending.requestsPerSecond)
  await awaitProviderTurn(ctx.db, share, ctx.clock.now)
  if (await isResting(ctx.db)) return
  const alert = await takeAlert(ctx.db, alertId, ctx.config.sending.leaseMs, ctx.clock.now())
  if (!alert) return
  const mail = await alertMails[alert.kind](ctx, alert)
  if (!mail) return closeAlert(ctx.db, alert.id, 'dropped', ctx.clock.now())
  const { from, replyTo } = ctx.config.brand
  const outgoing = { from, to: [ctx.config.frontDeskEmail], reply_to: replyTo, ...mail }
  const result = await ctx.mailer.sendOne(alert.id, outgoing)
  await inTransaction(ctx.db, (tx) => heedAnswer(ctx, tx, result))
  // A changed body under a used key: an earlier try got through, and the lead has told us more since.
  if (result.outcome === 'accepted' || result.errorName === 'invalid_idempotent_request')
    return closeAlert(ctx.db, alert.id, 'sent', ctx.clock.now())
  ctx.log.warn({ alert: alert.id, error: result.errorName, attempts: alert.attempts }, 'alert not sent')
  if (result.trouble || result.outcome === 'rate-limited')
    return restAlert(ctx.db, alert.id, result.retryAfterMs ?? (result.trouble ? troubleMs : 0))
  if (alert.attempts >= tryLimit) return closeAlert(ctx.db, alert.id, 'failed', ctx.clock.now())
  return delayAlert(ctx.db, alert.id, Math.max(result.retryAfterMs ?? 0, retryDelayMs(alert.attempts)))
}
