import { html } from 'hono/html'
import type { SandboxEmail } from './email.ts'
import { mark, tagList } from './inbox-page.ts'
import type { MailItem } from './mail-item.ts'
import { panel, tabNames, tabs, type Tab } from './mail-panels.ts'
import { pageShell, type Html } from './page-shell.ts'
import { clockOf, shortDayOf } from './page-time.ts'

/** One mail with its tabs, which are links. In: the mail, as kept and as it came in, and what to show. */
export function mailPage(email: SandboxEmail, item: MailItem | null, tab: Tab, width: string): Html {
  const link = (name: Tab) =>
    html`<a
      href="/sandbox/emails/${email.id}/view?tab=${name}"
      ${name === tab ? html`aria-current="page"` : ''}
      >${tabNames[name]}</a
    >`
  return pageShell(
    `${email.subject} · Sandbox · nurture`,
    html`<a class="back" href="/sandbox">← Inbox</a>
      <header class="envelope">
        <div class="from">${email.from}</div>
        <time class="postmark" datetime="${email.acceptedAt}">
          <span>${shortDayOf(email.acceptedAt)}</span><span>${clockOf(email.acceptedAt)}</span>
        </time>
        <h1>${email.subject}</h1>
        <p class="addressed">
          To ${email.to.map((mailbox, index) => html`${index > 0 ? ', ' : ''}<b>${mailbox}</b>`)}
        </p>
        ${tagList(email.tags)} ${mark(email.lastEvent)}
      </header>
      <nav class="tabs" aria-label="Parts of the mail">${tabs.map(link)}</nav>
      <section class="panel" aria-label="${tabNames[tab]}">${panel(email, item, tab, width)}</section>`,
  )
}

/** What stands in place of a mail that isn't there. */
export const noMailPage = (): Html =>
  pageShell(
    'No such mail · Sandbox · nurture',
    html`<a class="back" href="/sandbox">← Inbox</a>
      <h1>No such mail</h1>
      <p>No mail here has this address. The inbox may have been emptied since.</p>`,
  )
