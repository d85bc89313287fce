import { type Context as HonoContext, Hono } from 'hono'
import { html } from 'hono/html'
import { markBooked } from '../../actions/mark-booked.ts'
import type { Context } from '../../context.ts'
import { Problem } from '../../core/problem.ts'
import { findLead } from '../../store/leads.ts'
import { doneSign } from '../page.ts'

/** The front desk's link: GET shows whom it is about, POST marks the call as booked and stops the mails. */
export function markBookedPages(ctx: Context): Hono {
  const app = new Hono()
  const leadOf = async (c: HonoContext) => {
    const id = ctx.links.read('mark-booked', c.req.param('token') ?? '')
    const lead = id && (await findLead(ctx.db, id))
    if (!lead) throw new Problem('not-found', 'This link is not complete. Use the one in the mail.')
    return lead
  }
  app.get('/booked/:token', async (c) => {
    const { firstName, lastName } = await leadOf(c)
    const name = [firstName, lastName].filter(Boolean).join(' ') || 'this lead'
    return c.render(
      html`<h1>Has ${name} booked a call?</h1>
        <p class="lead">Marking it stops the emails at once.</p>
        <form class="actions" method="post"><button>Yes, mark as booked</button></form>
        <p class="soft">If not, close this page: nothing has changed.</p>`,
      { title: 'Mark as booked' },
    )
  })
  app.post('/booked/:token', async (c) => {
    const lead = await leadOf(c)
    await markBooked(ctx, { leadId: lead.id, actor: 'front desk, by link' })
    return c.render(
      html`${doneSign}
        <h1>Marked as booked</h1>
        <p class="lead">No more emails will go to this lead. You can close this page.</p>`,
      { title: 'Marked as booked' },
    )
  })
  return app
}
