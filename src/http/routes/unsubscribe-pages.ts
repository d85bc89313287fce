import { type Context as HonoContext, Hono } from 'hono'
import { html } from 'hono/html'
import { unsubscribe } from '../../actions/unsubscribe.ts'
import type { Context } from '../../context.ts'
import { Problem } from '../../core/problem.ts'
import { page } from '../page.ts'

/** Unsubscribing. A GET only shows a button, since mail scanners follow links; a POST acts at once (RFC 8058). */
export function unsubscribePages(ctx: Context): Hono {
  const app = new Hono()
  const { clinicName } = ctx.config.brand
  const deliveryOf = (c: HonoContext) => {
    const id = ctx.links.read('unsubscribe', c.req.param('token') ?? '')
    if (!id) throw new Problem('not-found', 'This link is not complete. Use the one in the newest mail.')
    return id
  }
  app.get('/u/:token', (c) => {
    deliveryOf(c)
    return c.html(
      page(
        'Unsubscribe',
        html`<h1>Stop these emails?</h1>
          <p>${clinicName} will not email you again.</p>
          <form method="post"><button>Unsubscribe</button></form>`,
      ),
    )
  })
  app.post('/u/:token', async (c) => {
    await unsubscribe(ctx, deliveryOf(c))
    return c.html(
      page(
        'Unsubscribed',
        html`<h1>You are unsubscribed</h1>
          <p>${clinicName} will not email you again. You can still call us whenever you like.</p>`,
      ),
    )
  })
  return app
}
