import { randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { html } from 'hono/html'
import type { AppFiles } from './app-files.ts'
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

/** One page for all addresses of the app: for who is signed in, others are asked to. */
export function appPages(files: () => AppFiles | null): Hono<IdentifiedEnv> {
  const app = new Hono<IdentifiedEnv>()
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
