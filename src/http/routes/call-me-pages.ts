import { type Context as HonoContext, Hono } from 'hono'
import { html } from 'hono/html'
import { requestCall } from '../../actions/request-call.ts'
import type { Context } from '../../context.ts'
import { Problem } from '../../core/problem.ts'
import { doneSign } from '../page.ts'
import { displayPhone } from '../phone.ts'

/** "Please call me": GET shows a page, POST tells the front desk. */
export function callMePages(ctx: Context): Hono {
  const app = new Hono()
  const deliveryOf = (c: HonoContext) => {
    const id = ctx.links.read('call-me', c.req.param('token') ?? '')
    if (!id) throw new Problem('not-found', 'This link is not complete. Use the one in the newest mail.')
    return id
  }
  app.get('/call/:token', (c) => {
    deliveryOf(c)
    const { clinicName, phone } = ctx.config.brand
    return c.render(
      html`<h1>Shall we call you?</h1>
        <p class="lead">Press the button and someone from ${clinicName} will call the number you gave us.</p>
        <form class="actions" method="post"><button>Please call me</button></form>
        <p class="soft">Rather call us? <a href="tel:${phone}">${displayPhone(phone)}</a></p>`,
      { title: 'Please call me' },
    )
  })
  app.post('/call/:token', async (c) => {
    await requestCall(ctx, deliveryOf(c))
    const { phone } = ctx.config.brand
    return c.render(
      html`${doneSign}
        <h1>Thank you, we&nbsp;will call&nbsp;you</h1>
        <p class="lead">Our front desk has your request.</p>
        <p class="soft">Rather not wait? <a href="tel:${phone}">Call ${displayPhone(phone)}</a></p>`,
      { title: 'We will call you' },
    )
  })
  return app
}
