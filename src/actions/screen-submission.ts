import { fieldText, hasFilledHoneypot, startedKey } from '../capture/bot-signs.ts'
import type { Context } from '../context.ts'
import { botReason } from '../core/capture.ts'
import { foldedEmailKey } from '../core/email-address.ts'
import type { LeadFields, Submission } from '../core/submission.ts'
import type { Source } from '../store/sources.ts'
import { limitForm } from './limit-form.ts'
import { requireWork } from './require-work.ts'

/** Why a submission of a public form is not to be mailed, or null when nothing speaks against it. */
export type Screen = (submission: Submission, lead: LeadFields) => Promise<string | null>

/** What the bytes alone tell, also when they are replayed. */
export const screenContent: Screen = async ({ fields }) =>
  hasFilledHoneypot(fields) ? `${botReason}: the hidden field was filled in` : null

/**
 * What a submission tells at the moment when it comes in. A form that does not say when it was opened passes.
 * Throws Problem `forbidden` when the source wants a proof of work and does not get it, and `too-many` when it came for that address too often of late.
 */
export const screenArrival =
  (ctx: Pick<Context, 'config' | 'db' | 'formSecrets'>, source: Source, now: Date): Screen =>
  async (submission, lead) => {
    const content = await screenContent(submission, lead)
    if (content !== null) return content
    const stamp = fieldText(submission.fields, startedKey)
    const opened = stamp === null ? null : ctx.formSecrets.readStamp(stamp)
    const filledMs = opened ? now.getTime() - opened.getTime() : Infinity
    if (filledMs < ctx.config.forms.minFillMs)
      return `${botReason}: sent ${(filledMs / 1000).toFixed(1)} s after the form was opened`
    if (source.proofOfWork) await requireWork(ctx, source, submission)
    await limitForm(ctx, 'address', foldedEmailKey(lead.email))
    return null
  }
