import { Hono } from 'hono'
import { validator } from 'hono/validator'
import { z } from 'zod'
import { changeZone } from '../../actions/change-zone.ts'
import { eraseLead } from '../../actions/erase-lead.ts'
import { exportLead } from '../../actions/export-lead.ts'
import { liftSuppression } from '../../actions/lift-suppression.ts'
import { markBooked } from '../../actions/mark-booked.ts'
import { type LeadView, describeLead } from '../../actions/describe-lead.ts'
import { readMail } from '../../actions/read-mail.ts'
import { resumeLead } from '../../actions/resume-lead.ts'
import { stopByStaff, suppressByStaff } from '../../actions/stop-by-staff.ts'
import type { Context } from '../../context.ts'
import { emailKey } from '../../core/email-address.ts'
import { enrollmentStatuses, stopReasons } from '../../core/enrollment.ts'
import { maskEmail } from '../../core/mask.ts'
import { Problem } from '../../core/problem.ts'
import { mayAct, type User } from '../../core/user.ts'
import { zoneOf } from '../../actions/zone-of.ts'
import { listLeads, searchLeads } from '../../store/lead-search.ts'
import { findLead, type Lead } from '../../store/leads.ts'
import { listSources } from '../../store/sources.ts'
import { body, id, line } from './input.ts'
import { requireRole, type StudioEnv } from './require-role.ts'
import { seenBy } from './seen-by.ts'

const pageSize = 50

/** What was typed stands in the body: an address in a query string would lie in every log on the way. */
const wanted = z.object({
  text: line(200).default(''),
  status: z.enum(enrollmentStatuses).nullable().default(null),
  source: z.uuid().nullable().default(null),
  step: line(60).nullable().default(null),
  stopReason: z.enum(stopReasons).nullable().default(null),
  after: z.uuid().nullable().default(null),
})

const mailId = validator('param', (value: Record<string, string>) => {
  const parsed = z.object({ id: z.uuid(), mail: z.uuid() }).safeParse(value)
  if (!parsed.success) throw new Problem('not-found', 'There is nothing under this id.')
  return parsed.data
})

/** A mail is shown in a frame of its own: nothing in it runs, and nothing is asked of anybody else. */
const mailPolicy =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

/** Leads: find them, see what happened to each, and act. */
export const leadRoutes = (ctx: Context) =>
  new Hono<StudioEnv>()
    .get('/options', requireRole('viewer'), async (c) => {
      const sources = await listSources(ctx.db)
      return c.json({
        sources: sources.map(({ id: value, name }) => ({ id: value, name })),
        steps: Object.values(ctx.sequences).flatMap(({ key, steps }) =>
          steps.map((step) => ({ sequence: key, step: step.key })),
        ),
        statuses: enrollmentStatuses,
        stopReasons,
      })
    })
    .post('/search', requireRole('viewer'), body(wanted), async (c) => {
      const user = c.get('user')
      const { text, after, ...filter } = c.req.valid('json')
      // Whoever may not see an address must not find out by asking whether it is there.
      if (text !== '' && !mayAct(user.role, 'editor'))
        throw new Problem('forbidden', 'Searching by name, address or number is for editors and admins.')
      const found =
        text === ''
          ? { ...(await listLeads(ctx.db, { filter, after, limit: pageSize })), more: false, searched: true }
          : { ...(await searchLeads(ctx.db, { text, filter, limit: pageSize })), next: null }
      return c.json({
        ...found,
        leads: found.leads.map((lead) => ({ ...seenBy(user, lead), timeZone: zoneOf(ctx, lead) })),
      })
    })
    .get('/:id', requireRole('viewer'), id, async (c) => {
      const { id: leadId } = c.req.valid('param')
      return c.json(viewFor(c.get('user'), await describeLead(ctx, leadId)))
    })
    .get('/:id/mails/:mail', requireRole('viewer'), mailId, async (c) => {
      const { id: leadId, mail } = c.req.valid('param')
      const { html: _, to, ...rest } = await readMail(ctx, { leadId, deliveryId: mail })
      return c.json({ ...rest, to: mayAct(c.get('user').role, 'editor') ? to : maskEmail(to) })
    })
    .get('/:id/mails/:mail/page', requireRole('viewer'), mailId, async (c) => {
      const { id: leadId, mail } = c.req.valid('param')
      const { html } = await readMail(ctx, { leadId, deliveryId: mail })
      c.header('content-security-policy', mailPolicy)
      c.header('x-content-type-options', 'nosniff')
      return c.html(html)
    })
    .post('/:id/stop', requireRole('editor'), id, async (c) => {
      const stopped = await stopByStaff(ctx, { leadId: c.req.valid('param').id, actor: c.get('user').actor })
      return c.json({ stopped })
    })
    .post('/:id/booked', requireRole('editor'), id, async (c) => {
      const done = await markBooked(ctx, { leadId: c.req.valid('param').id, actor: c.get('user').actor })
      if (!done) throw new Problem('not-found', 'There is no such lead.')
      return c.json({ done })
    })
    .post('/:id/resume', requireRole('editor'), id, async (c) => {
      await resumeLead(ctx, { leadId: c.req.valid('param').id, actor: c.get('user').actor })
      return c.json({ done: true })
    })
    .post('/:id/zone', requireRole('editor'), id, body(z.object({ timeZone: line(100) })), async (c) => {
      const { timeZone } = c.req.valid('json')
      await changeZone(ctx, { leadId: c.req.valid('param').id, timeZone, actor: c.get('user').actor })
      return c.json({ done: true })
    })
    .post('/:id/suppress', requireRole('editor'), id, async (c) => {
      await suppressByStaff(ctx, { leadId: c.req.valid('param').id, actor: c.get('user').actor })
      return c.json({ done: true })
    })
    .post('/:id/lift', requireRole('admin'), id, body(z.object({ because: line(300) })), async (c) => {
      const { email } = await leadWithAddress(ctx, c.req.valid('param').id)
      const { because } = c.req.valid('json')
      const reasons = await liftSuppression(ctx, { email, because, actor: c.get('user').actor })
      return c.json({ reasons })
    })
    .post('/:id/export', requireRole('editor'), id, async (c) => {
      const { id: leadId } = c.req.valid('param')
      const all = await exportLead(ctx, { leadId, actor: c.get('user').actor })
      c.header('content-disposition', `attachment; filename="lead-${leadId}.json"`)
      return c.body(JSON.stringify(all, null, 2), 200, { 'content-type': 'application/json' })
    })
    .post('/:id/erase', requireRole('admin'), id, body(z.object({ address: line(300) })), async (c) => {
      const { email } = await leadWithAddress(ctx, c.req.valid('param').id)
      if (emailKey(c.req.valid('json').address) !== emailKey(email))
        throw new Problem('invalid', 'That is not the address of this lead, so nothing was erased.', [
          { field: 'address', message: 'has to be the address of this lead' },
        ])
      await eraseLead(ctx, { email, actor: c.get('user').actor })
      return c.json({ done: true })
    })

async function leadWithAddress(ctx: Context, leadId: string): Promise<Lead & { email: string }> {
  const lead = await findLead(ctx.db, leadId)
  if (!lead) throw new Problem('not-found', 'There is no such lead.')
  if (lead.email === null)
    throw new Problem('conflict', 'This lead was erased: nothing is left of its address.')
  return { ...lead, email: lead.email }
}

/** What a person wrote, and the page it was on, are for those who act on it. */
function viewFor(user: User, view: LeadView): LeadView {
  if (mayAct(user.role, 'editor')) return view
  return {
    ...view,
    lead: { ...seenBy(user, view.lead), postalCode: null },
    timeline: view.timeline.map((entry) =>
      entry.kind === 'capture'
        ? { ...entry, message: null }
        : entry.kind === 'consent'
          ? { ...entry, pageUrl: null, proof: null }
          : entry.kind === 'reply'
            ? { ...entry, subject: null, text: null }
            : entry,
    ),
  }
}
