import type { Context } from '../context.ts'
import { retryDelayMs } from '../core/dispatch.ts'
import type { RenderedMail } from '../core/mail.ts'
import type { OutgoingMail } from '../mail/mailer.ts'
import { type Alert, closeAlert, delayAlert, restAlert, takeAlert } from '../store/alerts.ts'
import { findCapture } from '../store/captures.ts'
import { findLead } from '../store/leads.ts'
import { findPause, isResting } from '../store/settings.ts'
import { findSignIn } from '../store/sign-ins.ts'
import { heedAnswer } from './heed-answer.ts'
import { renderForward } from './render-forward.ts'

/** Tries after which an alert is given up and shown as failed: about an hour with the pauses between. */
const tryLimit = 20
/** How often one is tried that the account cannot send for now; a person who resumes lets all go at once. */
const troubleMs = 5 * 60_000

/**
 * Mails one alert to the front desk, or to the user who asked to sign in: at least once, and as a rule once, under a key of its own. It goes through the
 * same account as all mail: while that is blocked the alert waits, and health and the log tell of it meanwhile.
 */
export async function sendAlert(ctx: Context, alertId: string): Promise<void> {
  if (await isResting(ctx.db)) return
  const alert = await takeAlert(ctx.db, alertId, ctx.config.sending.leaseMs)
  if (!alert) return
  const rendered = await addressedMail(ctx, alert)
  if (!rendered) return closeAlert(ctx.db, alert.id, 'failed', ctx.clock.now())
  const { to, mail } = rendered
  const { from, replyTo } = ctx.config.brand
  const outgoing = { from, to: [to], reply_to: replyTo, ...mail }
  const result = await ctx.mailer.sendOne(alert.id, outgoing)
  await heedAnswer(ctx, result)
  // A changed body under a used key: an earlier try got through, and the lead has told us more since.
  if (result.outcome === 'accepted' || result.errorName === 'invalid_idempotent_request')
    return closeAlert(ctx.db, alert.id, 'sent', ctx.clock.now())
  ctx.log.warn({ alert: alert.id, error: result.errorName, attempts: alert.attempts }, 'alert not sent')
  if (result.trouble || result.outcome === 'rate-limited')
    return restAlert(ctx.db, alert.id, result.retryAfterMs ?? (result.trouble ? troubleMs : 0))
  if (alert.attempts >= tryLimit) return closeAlert(ctx.db, alert.id, 'failed', ctx.clock.now())
  return delayAlert(ctx.db, alert.id, Math.max(result.retryAfterMs ?? 0, retryDelayMs(alert.attempts)))
}

type Addressed = { to: string; mail: RenderedMail & Partial<Pick<OutgoingMail, 'reply_to' | 'headers'>> }

/** Null when there is nobody to tell of any more. */
async function addressedMail(ctx: Context, alert: Alert): Promise<Addressed | null> {
  if (alert.kind === 'sign-in') return signInMail(ctx, alert)
  if (alert.kind === 'reply') return alert.replyId === null ? null : renderForward(ctx, alert.replyId)
  return forFrontDesk(ctx, await renderAlert(ctx, alert))
}

const forFrontDesk = (ctx: Context, mail: RenderedMail | null): Addressed | null =>
  mail && { to: ctx.config.frontDeskEmail, mail }

/** The link that a user asked for; null once it is used or over, as then it opens nothing. */
async function signInMail(ctx: Context, { signInId }: Alert): Promise<Addressed | null> {
  const found = signInId === null ? null : await findSignIn(ctx.db, signInId)
  if (!found) return null
  const mail = plainMail(
    'Your link to sign in',
    `Open this link and press the button to sign in to the studio of ${ctx.config.brand.clinicName}:\n\n` +
      `${ctx.links.signIn(signInId!)}\n\n` +
      'It works once, within 15 minutes. If you did not ask for it, do nothing.\n',
  )
  return { to: found.email, mail }
}

/** Said as it is by the time the mail can go: trouble of the account holds up this very mail, too. */
async function pausedAlert(ctx: Context, alert: Alert): Promise<RenderedMail> {
  const pause = await findPause(ctx.db)
  if (!pause)
    return plainMail(
      'Mail to leads was paused',
      `nurture had paused all mail since ${alert.createdAt.toISOString()}. Reason: ${alert.reason}.\n\n` +
        'It is sending again. Nothing was lost: what was due meanwhile goes out in its windows.\n',
    )
  const next = pause.until
    ? 'It goes on by itself then.'
    : `See ${ctx.config.publicUrl}/health, mend the cause, then run: npm run nurture -- resume`
  return plainMail(
    'Mail to leads is paused',
    `nurture has paused all mail. Reason: ${alert.reason}.\n\n` +
      `Nothing is lost: leads are still captured, and what is due waits.\n${next}\n`,
  )
}

const plainMail = (subject: string, text: string): RenderedMail => ({
  subject,
  text,
  html: `<pre style="white-space:pre-wrap">${linked(text)}</pre>`,
})

/** Escaped, with its addresses as links. */
const linked = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/https?:\/\/[^\s<]+/g, (url) => `<a href="${url.replaceAll('"', '%22')}">${url}</a>`)

/** Null when the lead was erased meanwhile: then there is nobody to tell of. */
async function renderAlert(ctx: Context, alert: Alert): Promise<RenderedMail | null> {
  const { brand } = ctx.config
  if (alert.kind === 'sending-paused') return pausedAlert(ctx, alert)
  if (alert.kind === 'template-paused')
    return plainMail(
      'One of the mails to leads is paused',
      `Mails of one template could not be rendered, several in a row, so the others of it wait. ${alert.reason}.\n\n` +
        'Nothing is lost, and all other mail goes on. Publish words that work, or mend the template, then run:\n' +
        'npm run nurture -- template resume <name>\n' +
        'The few that were tried are parked: npm run nurture -- parked\n',
    )
  const found = alert.captureId === null ? null : await findCapture(ctx.db, alert.captureId)
  if (!found?.capture.fields || !found.capture.leadId) return null
  const { capture, source } = found
  const lead = await findLead(ctx.db, found.capture.leadId)
  if (!lead?.email) return null
  const kind = alert.kind === 'call-me' ? 'call-me' : 'fresh-lead'
  return ctx.renderer.freshLeadAlert({
    kind,
    brand,
    // What is known of the lead, which may be more than the newest form asked for.
    name: [lead.firstName, lead.lastName].filter(Boolean).join(' ') || null,
    email: lead.email,
    phone: lead.phone,
    source: source.name,
    message: found.capture.fields.message,
    receivedAt: (kind === 'call-me' ? alert.createdAt : capture.receivedAt).toLocaleString('en-US', {
      timeZone: brand.timeZone,
      dateStyle: 'full',
      timeStyle: 'short',
    }),
    markBookedUrl: ctx.links.markBooked(lead.id),
  })
}
