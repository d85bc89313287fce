import { html } from 'hono/html'
import type { SandboxEmail } from './email.ts'
import { clockOf, dayOf } from './page-time.ts'
import { pageShell, type Html } from './page-shell.ts'

export type InboxView = {
  /** Newest first. */
  emails: readonly SandboxEmail[]
  /** How many there are in all that match. */
  total: number
  /** What is searched for; empty for all. */
  to: string
  /** Id to go on from, when there are older ones. */
  olderThan: string | null
  /** Where the sandbox listens. */
  url: string
}

/** The last thing that happened: quiet when it went well, stamped when it did not. */
export function mark(lastEvent: string): Html {
  const quiet = lastEvent === 'delivered' || lastEvent === 'sent'
  return html`<span class="mark ${quiet ? 'quiet' : `stamp ${lastEvent}`}">${lastEvent}</span>`
}

export const tagList = (tags: Readonly<Record<string, string>>): Html | '' =>
  Object.keys(tags).length === 0
    ? ''
    : html`<ul class="tags" aria-label="Tags">
        ${Object.entries(tags).map(([name, value]) => html`<li>${name}=${value}</li>`)}
      </ul>`

const row = (email: SandboxEmail): Html =>
  html`<li class="mail">
    <time datetime="${email.acceptedAt}">${clockOf(email.acceptedAt)}</time>
    <div class="line">
      <span class="to">${email.to.join(', ')}</span>
      <span class="subject"><a href="/sandbox/emails/${email.id}/view">${email.subject}</a></span>
      ${tagList(email.tags)}
    </div>
    ${mark(email.lastEvent)}
  </li>`

function days(emails: readonly SandboxEmail[]): Html[] {
  const byDay = new Map<string, SandboxEmail[]>()
  for (const email of emails) {
    const day = dayOf(email.acceptedAt)
    byDay.set(day, [...(byDay.get(day) ?? []), email])
  }
  return [...byDay].map(
    ([day, list]) =>
      html`<h2 class="day">${day}</h2>
        <ol class="mails">
          ${list.map(row)}
        </ol>`,
  )
}

const firstMail = (url: string) => `curl ${url}/emails \\
  -H 'Authorization: Bearer re_sandbox' \\
  -H 'Content-Type: application/json' \\
  -d '{
    "from": "Clinic <hello@clinic.example>",
    "to": "delivered@resend.dev",
    "subject": "Hello from the sandbox",
    "text": "It works."
  }'`

const nothingYet = (url: string): Html =>
  html`<div class="empty">
    <h2>No mail yet</h2>
    <p>Whatever is sent through this address lands here, and nowhere else. Send the first one:</p>
    <pre tabindex="0" aria-label="Command that sends a mail"><code>${firstMail(url)}</code></pre>
    <p>Or give the Resend SDK this address: <code>new Resend('re_sandbox', { baseUrl: '${url}' })</code></p>
    <h3>Addresses that decide what happens</h3>
    <dl>
      <dt><code>delivered@resend.dev</code></dt>
      <dd>arrives, as any other address does</dd>
      <dt><code>bounced@resend.dev</code></dt>
      <dd>comes back: no such mailbox</dd>
      <dt><code>complained@resend.dev</code></dt>
      <dd>arrives, then is reported as spam</dd>
      <dt><code>suppressed@resend.dev</code></dt>
      <dd>is on the suppression list</dd>
    </dl>
  </div>`

const nothingFound = (to: string): Html =>
  html`<div class="empty">
    <h2>No mail to “${to}”</h2>
    <p>Part of an address is enough, in any letter case. <a href="/sandbox">Show all mail</a></p>
  </div>`

const older = (view: InboxView): Html => {
  const query = new URLSearchParams({ ...(view.to && { to: view.to }), before: view.olderThan ?? '' })
  return html`<a class="older" href="/sandbox?${query}">Older mail</a>`
}

/** The inbox. In: what to show. Out: the page. */
export function inboxPage(view: InboxView): Html {
  const { emails, total, to } = view
  const list = emails.length > 0 ? days(emails) : to ? nothingFound(to) : nothingYet(view.url)
  const words = total === 1 ? '1 mail' : `${total.toLocaleString('en-US')} mails`
  const search = html`<search>
    <form class="find" action="/sandbox">
      <label for="to">Find by recipient</label>
      <input id="to" name="to" type="search" value="${to}" autocomplete="off" spellcheck="false" />
      <button>Find</button>
    </form>
  </search>`
  return pageShell(
    `${to ? `Mail to ${to}` : 'Sandbox inbox'} · nurture`,
    html`<h1>Sandbox inbox</h1>
      <p>Mail that nurture sends in this mode is kept here. Nothing leaves this machine.</p>
      ${total > 0 || to ? search : ''}
      <p id="news" class="hidden" role="status"></p>
      <section
        id="mails"
        aria-label="Mail"
        data-count="${total}"
        data-state="${total} ${emails[0]?.id ?? ''}"
      >
        ${total > 0 ? html`<p class="soft">${words}${to ? html` to “${to}”. <a href="/sandbox">Show all</a>` : ''}</p>` : ''}
        ${list} ${view.olderThan ? older(view) : ''}
      </section>`,
    true,
  )
}
