import { html } from 'hono/html'
import type { SandboxEmail } from './email.ts'
import type { Html } from './page-shell.ts'
import { clockOf, shortDayOf } from './page-time.ts'
import type { ReceivedMail } from './received.ts'

const sent = (mail: ReceivedMail): Html =>
  html`<li>
    <strong class="name">${mail.headers['auto-submitted'] ? 'Automatic answer' : 'Reply'}</strong>
    <time class="mono soft" datetime="${mail.receivedAt}"
      >${shortDayOf(mail.receivedAt)}, ${clockOf(mail.receivedAt)}</time
    >
    <p class="wrote">${mail.text}</p>
  </li>`

/** A form that answers a mail as its reader would, and what was answered from it before. */
export function replyPanel(email: SandboxEmail, replies: readonly ReceivedMail[]): Html {
  const [to = email.from] = email.replyTo
  const list = html`<ol class="events">
    ${replies.map(sent)}
  </ol>`
  return html`<form class="reply" method="post" action="/sandbox/emails/${email.id}/reply">
      <p class="soft">
        From <b>${email.to[0] ?? ''}</b> to <b>${to}</b>. It comes in as mail does that Resend receives.
      </p>
      <label for="text">Your answer</label>
      <textarea id="text" name="text" rows="6" maxlength="20000" required></textarea>
      <label class="check">
        <input type="checkbox" name="automatic" value="yes" />
        <span>It is an automatic one, such as an out-of-office note</span>
      </label>
      <button>Send reply</button>
    </form>
    ${replies.length > 0 ? list : ''}`
}
