import { Hono } from 'hono'
import { html } from 'hono/html'
import type { Context } from '../../context.ts'
import { doneSign } from '../page.ts'
import { displayPhone } from '../phone.ts'

/** Where a form ends. Interest is never higher than now, so both ways to a call stand first. */
export function thankYouPage(ctx: Context): Hono {
  return new Hono().get('/thanks', (c) => {
    const { clinicName, phone, bookingUrl } = ctx.config.brand
    return c.render(
      html`${doneSign}
        <h1>Thank you, we&nbsp;have your&nbsp;message</h1>
        <p class="lead">The quickest next step is a call with a provider at ${clinicName}.</p>
        <div class="actions">
          <a class="button" href="${bookingUrl}">Schedule a call</a>
          <a class="button second" href="tel:${phone}">Call ${displayPhone(phone)}</a>
        </div>
        <p class="soft">
          A first email is on its way to you. It is short, and worth reading before the call.
        </p>`,
      { title: 'Thank you' },
    )
  })
}
