import { html } from 'hono/html'
import { mark, tagList } from './inbox-page.ts'
import { type MailParts, panel, tabNames, tabs, type Tab } from './mail-panels.ts'
import { pageShell, type Html } from './page-shell.ts'
import { clockOf, shortDayOf } from './page-time.ts'

/** One mail with its tabs, which are links. In: the mail, and what to show of it. */
export function mailPage(parts: MailParts, tab: Tab, width: string): Html {
  const { email } = parts
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
      <section class="panel" aria-label="${tabNames[tab]}">${panel(parts, tab, width)}</section>`,
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
