import { hasFilledHoneypot, startStamp } from '../capture/bot-signs.ts'
import type { Context } from '../context.ts'
import { botReason } from '../core/capture.ts'
import type { Submission } from '../core/submission.ts'

/** Why a submission of a public form is not to be mailed, or null when nothing speaks against it. */
export type Screen = (submission: Submission) => string | null

/** What the bytes alone tell, also when they are replayed. */
export const screenContent: Screen = ({ fields }) =>
  hasFilledHoneypot(fields) ? `${botReason}: the hidden field was filled in` : null

/** What a submission tells at the moment when it comes in. A form that does not say when it was opened passes. */
export function screenArrival(ctx: Pick<Context, 'config' | 'formStamps'>, now: Date): Screen {
  return (submission) => {
    const content = screenContent(submission)
    if (content !== null) return content
    const stamp = startStamp(submission.fields)
    const opened = stamp === null ? null : ctx.formStamps.read(stamp)
    const filledMs = opened ? now.getTime() - opened.getTime() : Infinity
    if (filledMs >= ctx.config.forms.minFillMs) return null
    return `${botReason}: sent ${(filledMs / 1000).toFixed(1)} s after the form was opened`
  }
}
