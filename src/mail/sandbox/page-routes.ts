import { Hono, type Context } from 'hono'
import { inboxPage } from './inbox-page.ts'
import { goesTo } from './mailbox.ts'
import { mailPage, noMailPage } from './mail-page.ts'
import { tabs } from './mail-panels.ts'
import { icon, type Html } from './page-shell.ts'
import { pageStyle } from './page-style.ts'
import { answerTo } from './received.ts'
import { receive } from './receive.ts'
import { refreshScript } from './refresh-script.ts'
import type { SandboxState } from './state.ts'

const perPage = 50

/** Our pages load our own style and script and nothing else. */
const pagePolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * A mail is a stranger's HTML: no script, no form, and an origin of its own, so that nothing in it can act as
 * us even when its page is opened alone. Its links may open a new tab, so that a booking link can be tried.
 */
const mailPolicy = [
  'sandbox allow-popups allow-popups-to-escape-sandbox',
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src https: http: data:',
  'font-src https: data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ')

/** In: the sandbox's state. Out: the inbox and its parts, to mount at the root. */
export function pageRoutes(state: SandboxState): Hono {
  const routes = new Hono()

  const guarded = (c: Context, policy: string) => {
    c.header('content-security-policy', policy)
    c.header('x-content-type-options', 'nosniff')
    c.header('referrer-policy', 'no-referrer')
    c.header('cache-control', 'no-store')
  }
  const page = (c: Context, markup: Html, status: 200 | 404 = 200) => {
    guarded(c, pagePolicy)
    return c.html(markup, status)
  }
  const asset = (type: string, body: string) => (c: Context) => {
    guarded(c, pagePolicy)
    return c.body(body, 200, { 'content-type': type })
  }

  routes.get('/', (c) => c.redirect('/sandbox'))
  routes.get('/sandbox/style.css', asset('text/css; charset=utf-8', pageStyle))
  routes.get('/sandbox/refresh.js', asset('text/javascript; charset=utf-8', refreshScript))
  routes.get('/sandbox/icon.svg', asset('image/svg+xml', icon))

  routes.get('/sandbox', (c) => {
    const { to = '', before = '' } = c.req.query()
    const all = state.mailbox.all()
    const matching = to.trim() ? all.filter((email) => goesTo(email, to)) : all
    const at = before ? matching.findIndex(({ id }) => id === before) : -1
    const end = at === -1 ? matching.length : at
    const emails = matching.slice(Math.max(0, end - perPage), end).reverse()
    const olderThan = end > perPage ? (emails.at(-1)?.id ?? null) : null
    return page(c, inboxPage({ emails, total: matching.length, to: to.trim(), olderThan, url: state.url }))
  })

  routes.get('/sandbox/emails/:id/view', (c) => {
    const email = state.mailbox.find(c.req.param('id'))
    if (!email) return page(c, noMailPage(), 404)
    const { tab: wanted, width = 'desktop' } = c.req.query()
    const first = email.html === null && email.text !== null ? 'text' : 'html'
    const tab =
      tabs.find((name) => name === wanted) ?? (wanted === undefined && c.req.query('width') ? 'html' : first)
    const replies = [...state.received.values()].filter(
      ({ headers }) => headers['in-reply-to'] === email.messageId,
    )
    return page(c, mailPage({ email, item: state.mailbox.itemOf(email.id), replies }, tab, width))
  })

  routes.post('/sandbox/emails/:id/reply', async (c) => {
    const email = state.mailbox.find(c.req.param('id'))
    if (!email) return page(c, noMailPage(), 404)
    // Another site's form can post here too, and every browser says so.
    const site = c.req.header('sec-fetch-site') ?? 'same-origin'
    if (site !== 'same-origin') return c.body('This form only works on this page.', 403)
    const { text, automatic } = await c.req.parseBody()
    const words = typeof text === 'string' ? text.slice(0, 20_000) : ''
    const answer = answerTo(email, words)
    receive(
      state,
      automatic ? { ...answer, headers: { ...answer.headers, 'auto-submitted': 'auto-replied' } } : answer,
    )
    return c.redirect(`/sandbox/emails/${email.id}/view?tab=reply`, 303)
  })

  routes.get('/sandbox/emails/:id/html', (c) => {
    const email = state.mailbox.find(c.req.param('id'))
    if (!email) return page(c, noMailPage(), 404)
    guarded(c, mailPolicy)
    return c.body(email.html ?? '', 200, { 'content-type': 'text/html; charset=utf-8' })
  })

  return routes
}
