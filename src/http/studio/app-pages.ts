import { randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { html } from 'hono/html'
import type { Context } from '../../context.ts'
import { Problem } from '../../core/problem.ts'
import { type AppFiles, readAppFiles } from './app-files.ts'
import { type IdentifiedEnv } from './require-role.ts'

/**
 * What a browser holds the app to: everything is ours, and no script stands in a page. The nonce is for the style
 * elements that the components make as they go; it opens nothing for scripts.
 */
const policy = (nonce: string) =>
  [
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "script-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; frame-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
  ].join('; ')

/** The app's files, and one page for all of its addresses: for who is signed in, others are asked to. */
export function appPages(_ctx: Context): Hono<IdentifiedEnv> {
  const app = new Hono<IdentifiedEnv>()
  let read: AppFiles | null = null
  const files = () => (read ??= readAppFiles())

  app.get('/assets/:name', (c) => {
    const file = files()?.assets.get(c.req.param('name'))
    if (!file) throw new Problem('not-found', 'Nothing is here. Load the page again.')
    c.header('content-type', file.type)
    c.header('cache-control', 'public, max-age=31536000, immutable')
    c.header('vary', 'accept-encoding')
    if (!/\bgzip\b/.test(c.req.header('accept-encoding') ?? '')) return c.body(file.bytes)
    c.header('content-encoding', 'gzip')
    return c.body(file.packed)
  })

  // What is mistyped below the interface's address is no page.
  app.all('/api/*', (c) => c.notFound())

  const page = new Hono<IdentifiedEnv>().get('*', (c) => {
    if (!c.get('user')) return c.redirect('/studio/sign-in', 302)
    const built = files()
    if (!built)
      return c.render(
        html`<h1>The studio is not built yet</h1>
          <p class="lead">
            In the folder of nurture, run <code>npm run studio:build</code>, then load this page again.
          </p>
          <p class="soft">
            <code>npm ci</code> does it by itself, unless it leaves out what only building needs
            (<code>--omit=dev</code>, or <code>NODE_ENV=production</code>).
          </p>`,
        { title: 'The studio is not built yet' },
      )
    const nonce = randomBytes(16).toString('base64url')
    c.header('content-security-policy', policy(nonce))
    c.header('referrer-policy', 'same-origin')
    c.header('x-content-type-options', 'nosniff')
    c.header('cross-origin-opener-policy', 'same-origin')
    return c.html(built.index.replace('%NONCE%', nonce))
  })
  return app.route('/', page)
}
