import { html } from 'hono/html'
import type { SandboxEmail, SandboxEvent } from './email.ts'
import type { MailItem } from './mail-item.ts'
import type { Html } from './page-shell.ts'
import { exactTimeOf } from './page-time.ts'
import type { ReceivedMail } from './received.ts'
import { replyPanel } from './reply-panel.ts'

export const tabs = ['html', 'text', 'headers', 'events', 'json', 'reply'] as const
export type Tab = (typeof tabs)[number]
export const tabNames: Readonly<Record<Tab, string>> = {
  html: 'HTML',
  text: 'Text',
  headers: 'Headers',
  events: 'Events',
  json: 'JSON',
  reply: 'Reply',
}

const trimmed = html`<p>Only the newest mails keep their content; this one's was let go.</p>`

function htmlPanel(email: SandboxEmail, width: string): Html {
  if (email.trimmed) return trimmed
  if (email.html === null) return html`<p>This mail has no HTML part.</p>`
  const page = `/sandbox/emails/${email.id}`
  const phone = width === 'phone'
  const link = (name: string, label: string, current: boolean) =>
    html`<a href="${page}/view?width=${name}" ${current ? html`aria-current="true"` : ''}>${label}</a>`
  return html`<nav class="widths" aria-label="Width">
      ${link('desktop', 'Desktop', !phone)} ${link('phone', 'Phone', phone)}
      <a href="${page}/html">On its own page</a>
    </nav>
    <iframe
      class="sheet ${phone ? 'phone' : ''}"
      src="${page}/html"
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      referrerpolicy="no-referrer"
      title="The mail, as a reader sees it"
      tabindex="0"
    ></iframe>`
}

function textPanel(email: SandboxEmail): Html {
  if (email.trimmed) return trimmed
  if (email.text === null)
    return html`<p>This mail was sent without a text part. Resend would derive one from the HTML.</p>`
  // Written without a line break after <pre>, as the page would show it.
  return html`<pre class="letter" tabindex="0" aria-label="Text part">${email.text}</pre>`
}

function headersPanel(email: SandboxEmail): Html {
  const pairs: [string, string][] = [
    ['From', email.from],
    ['To', email.to.join(', ')],
    ['Cc', email.cc.join(', ')],
    ['Bcc', email.bcc.join(', ')],
    ['Reply-To', email.replyTo.join(', ')],
    ['Subject', email.subject],
    ['Message-ID', email.messageId],
    ...Object.entries(email.headers),
    ['Idempotency-Key', email.idempotencyKey ?? ''],
  ]
  const shown = pairs.filter(([, value]) => value !== '')
  return html`<dl class="pairs">
    ${shown.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`
}

const eventLine = (event: SandboxEvent): Html =>
  html`<li>
    <strong class="name">${event.type}</strong>
    <time class="mono soft" datetime="${event.at}">${exactTimeOf(event.at)}</time>
    <p>${event.to.join(', ')}${event.bounce ? ` · ${event.bounce.type}, ${event.bounce.subType}` : ''}</p>
  </li>`

/** What there is of one mail: as kept, as it came in, and what was answered to it. */
export type MailParts = { email: SandboxEmail; item: MailItem | null; replies: readonly ReceivedMail[] }

/** The content of one tab. In: the mail, and what to show of it. Out: markup. */
export function panel({ email, item, replies }: MailParts, tab: Tab, width: string): Html {
  if (tab === 'reply') return replyPanel(email, replies)
  if (tab === 'html') return htmlPanel(email, width)
  if (tab === 'text') return textPanel(email)
  if (tab === 'headers') return headersPanel(email)
  if (tab === 'events')
    return html`<ol class="events">
      ${email.events.map(eventLine)}
    </ol>`
  if (!item) return trimmed
  return html`<pre tabindex="0" aria-label="The mail as it came in">${JSON.stringify(item, null, 2)}</pre>`
}
