import { type Context as HonoContext, Hono } from 'hono'
import { html } from 'hono/html'
import { confirmOptIn } from '../../actions/confirm-opt-in.ts'
import type { Context } from '../../context.ts'
import { Problem } from '../../core/problem.ts'
import { doneSign } from '../page.ts'

/** "Was it you?": GET only shows a button, since mail scanners follow links; POST takes the yes. */
export function confirmPages(ctx: Context): Hono {
  const app = new Hono()
  const enrollmentOf = (c: HonoContext) => {
    const id = ctx.links.read('confirm', c.req.param('token') ?? '')
    if (!id) throw new Problem('not-found', 'This link is not complete. Use the one in the newest mail.')
    return id
  }
  app.get('/confirm/:token', (c) => {
    enrollmentOf(c)
    return c.render(
      html`<h1>May we write to you?</h1>
        <p class="lead">
          Say yes, and ${ctx.config.brand.clinicName} answers by email: a reply now, and a short series about
          your question over the next weeks. Every email has a link that ends it.
        </p>
        <form class="actions" method="post"><button>Yes, write to me</button></form>
        <p class="soft">If it was not you who asked, close this page: nothing has changed.</p>`,
      { title: 'Please confirm' },
    )
  })
  app.post('/confirm/:token', async (c) => {
    await confirmOptIn(ctx, enrollmentOf(c))
    return c.render(
      html`${doneSign}
        <h1>Thank you, that&nbsp;is&nbsp;all</h1>
        <p class="lead">Our first email is on its way to you.</p>
        <div class="actions">
          <a class="button" href="${ctx.config.brand.bookingUrl}">Schedule a call</a>
        </div>`,
      { title: 'Confirmed' },
    )
  })
  return app
}
