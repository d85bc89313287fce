import { type Context as HonoContext, Hono } from 'hono'
import { html } from 'hono/html'
import { markBooked } from '../../actions/mark-booked.ts'
import type { Context } from '../../context.ts'
import { Problem } from '../../core/problem.ts'
import { findLead } from '../../store/leads.ts'
import { page } from '../page.ts'

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
    return c.html(
      page(
        'Mark as booked',
        html`<h1>Has ${name} booked a call?</h1>
          <p>Marking it stops the emails at once.</p>
          <form method="post"><button>Yes, mark as booked</button></form>`,
      ),
    )
  })
  app.post('/booked/:token', async (c) => {
    const lead = await leadOf(c)
    await markBooked(ctx, { leadId: lead.id, actor: 'front desk, by link' })
    return c.html(
      page(
        'Marked as booked',
        html`<h1>Marked as booked</h1>
          <p>No more emails will go to this lead. You can close this page.</p>`,
      ),
    )
  })
  return app
}
