import { type Context as HonoContext, Hono } from 'hono'
import { html } from 'hono/html'
import { unsubscribe } from '../../actions/unsubscribe.ts'
import type { Context } from '../../context.ts'
import { Problem } from '../../core/problem.ts'
import { doneSign } from '../page.ts'

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
    return c.render(
      html`<h1>Stop these emails?</h1>
        <p class="lead">One press, and ${clinicName} will not email you again.</p>
        <form class="actions" method="post"><button>Unsubscribe</button></form>
        <p class="soft">If you would rather keep them, close this page: nothing has changed.</p>`,
      { title: 'Unsubscribe' },
    )
  })
  app.post('/u/:token', async (c) => {
    await unsubscribe(ctx, deliveryOf(c))
    return c.render(
      html`${doneSign}
        <h1>You are unsubscribed</h1>
        <p class="lead">${clinicName} will not email you again.</p>
        <p class="soft">You can still call us whenever you like.</p>`,
      { title: 'Unsubscribed' },
    )
  })
  return app
}
