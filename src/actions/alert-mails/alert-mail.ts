import type { Context } from '../../context.ts'
import type { RenderedMail } from '../../core/mail.ts'
import type { OutgoingMail } from '../../mail/mailer.ts'
import type { Alert } from '../../store/alerts.ts'

/** The mail of one kind of alert. It goes to the front desk unless it says to whom. */
type AlertMail = RenderedMail & Partial<Pick<OutgoingMail, 'to' | 'reply_to' | 'headers'>>

/** Renders an alert as things stand by now; null when there is nothing to tell any more. */
export type RenderAlert = (ctx: Context, alert: Alert) => Promise<AlertMail | null>

/** A mail whose HTML is its text, with line breaks kept and addresses as links. */
export const plainMail = (subject: string, text: string): RenderedMail => ({
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

/** A moment as the clinic's people read it. */
export const clinicTime = ({ config }: Pick<Context, 'config'>, at: Date): string =>
  at.toLocaleString('en-US', { timeZone: config.brand.timeZone, dateStyle: 'full', timeStyle: 'short' })
