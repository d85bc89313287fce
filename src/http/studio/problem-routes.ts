import { Hono } from 'hono'
import { z } from 'zod'
import { answerReply } from '../../actions/answer-reply.ts'
import { assignBooking } from '../../actions/assign-booking.ts'
import { disownBooking } from '../../actions/disown-booking.ts'
import { mapSource } from '../../actions/map-source.ts'
import { readFieldsOf } from '../../actions/read-fields.ts'
import { replayCapture } from '../../actions/replay-capture.ts'
import { replayEvent } from '../../actions/replay-event.ts'
import { resumeTemplate } from '../../actions/resume-template.ts'
import { retryAlert } from '../../actions/retry-alert.ts'
import { setAside } from '../../actions/set-aside.ts'
import { settleChoices, settleDelivery } from '../../actions/settle-delivery.ts'
import { settleDispatch } from '../../actions/settle-dispatch.ts'
import { mappableFields } from '../../capture/field-names.ts'
import type { Context } from '../../context.ts'
import { maskEmail, maskPhone, maskText } from '../../core/mask.ts'
import { Problem } from '../../core/problem.ts'
import { mayAct } from '../../core/user.ts'
import { listDoubtfulBookings } from '../../store/bookings.ts'
import { findReplayableCapture, listParkedCaptures, listSuspects } from '../../store/captures.ts'
import { listMailsInTrouble } from '../../store/troubled-deliveries.ts'
import { listParkedEvents } from '../../store/events.ts'
import { readHealth } from '../../store/health.ts'
import { findLead, findLeadByEmail, findLeadsByPhone, type Lead } from '../../store/leads.ts'
import { countProblems, listFailedAlerts } from '../../store/problems.ts'
import { listOpenReplies } from '../../store/replies.ts'
import { body, id, line } from './input.ts'
import { requireRole, type StudioEnv } from './require-role.ts'
import { seenBy } from './seen-by.ts'

const most = 100
/** Bytes of one capture. */
const mostShown = 20_000

const mapping = z.object({
  source: line(100),
  /** Null for a field that the form does not have; what is left out is guessed. */
  mapping: z.partialRecord(z.enum(mappableFields), line(300).nullable()),
})

/** What waits for a person: what could not be understood, what could not go out, and what stands still. */
export const problemRoutes = (ctx: Context) =>
  new Hono<StudioEnv>()
    .get('/counts', requireRole('viewer'), async (c) => c.json(await countProblems(ctx.db)))
    .get('/captures', requireRole('viewer'), async (c) =>
      c.json({ captures: await listParkedCaptures(ctx.db, most) }),
    )
    .get('/suspects', requireRole('viewer'), async (c) => {
      const suspects = await listSuspects(ctx.db, most)
      return c.json({ captures: suspects.map(({ start: _start, ...capture }) => capture) })
    })
    .get('/captures/:id', requireRole('editor'), id, async (c) => {
      const found = await findReplayableCapture(ctx.db, c.req.valid('param').id)
      if (!found) throw new Problem('not-found', 'It is not parked any more.')
      const { source, capture } = found
      const { id: captureId, reason, receivedAt, status, contentType, body: bytes } = capture
      const fields =
        bytes && (await readFieldsOf(ctx, source, { body: bytes, contentType, receivedAt }).catch(unreadable))
      return c.json({
        id: captureId,
        source: source.slug,
        reason,
        receivedAt,
        status,
        contentType,
        text: bytes && maskText(bytes.toString('utf8', 0, mostShown)),
        fields: fields?.fields ?? null,
        mapping: source.mapping,
        mappable: mappableFields,
      })
    })
    .post('/captures/:id/replay', requireRole('editor'), id, async (c) => {
      const { id: captureId } = c.req.valid('param')
      const { status, leadId } = await replayCapture(ctx, { captureId, actor: c.get('user').actor })
      return c.json({ status, leadId })
    })
    .post('/captures/:id/aside', requireRole('editor'), id, async (c) => {
      await setAside(ctx, { id: c.req.valid('param').id, kind: 'capture', actor: c.get('user').actor })
      return c.json({ done: true })
    })
    .post('/mapping', requireRole('editor'), body(mapping), async (c) => {
      const { source: slug, mapping: chosen } = c.req.valid('json')
      await mapSource(ctx, { slug, mapping: chosen, actor: c.get('user').actor })
      return c.json({ done: true })
    })
    .get('/events', requireRole('viewer'), async (c) =>
      c.json({ events: await listParkedEvents(ctx.db, most) }),
    )
    .post('/events/:id/replay', requireRole('editor'), id, async (c) => {
      await replayEvent(ctx, { eventId: c.req.valid('param').id, actor: c.get('user').actor })
      return c.json({ done: true })
    })
    .post('/events/:id/aside', requireRole('editor'), id, async (c) => {
      await setAside(ctx, { id: c.req.valid('param').id, kind: 'event', actor: c.get('user').actor })
      return c.json({ done: true })
    })
    .get('/bookings', requireRole('viewer'), async (c) => {
      const user = c.get('user')
      const seesAll = mayAct(user.role, 'editor')
      const bookings = await listDoubtfulBookings(ctx.db, most)
      return c.json({
        bookings: await Promise.all(
          bookings.map(async ({ emailKey, phone, leadId, ...booking }) => ({
            ...booking,
            email: emailKey === null || seesAll ? emailKey : maskEmail(emailKey),
            phone: phone === null || seesAll ? phone : maskPhone(phone),
            candidates: (await candidatesOf(ctx, { emailKey, phone, leadId })).map((lead) =>
              seenBy(user, { ...lead, isAssigned: lead.id === leadId }),
            ),
          })),
        ),
      })
    })
    .post(
      '/bookings/:id/assign',
      requireRole('editor'),
      id,
      body(z.object({ leadId: z.uuid() })),
      async (c) => {
        const lead = await findLead(ctx.db, c.req.valid('json').leadId)
        if (!lead?.email) throw new Problem('not-found', 'There is no such lead, or it was erased.')
        const { id: bookingId } = c.req.valid('param')
        await assignBooking(ctx, { bookingId, email: lead.email, actor: c.get('user').actor })
        return c.json({ done: true })
      },
    )
    .post('/bookings/:id/disown', requireRole('editor'), id, async (c) => {
      await disownBooking(ctx, { bookingId: c.req.valid('param').id, actor: c.get('user').actor })
      return c.json({ done: true })
    })
    .get('/replies', requireRole('editor'), async (c) => {
      const open = await listOpenReplies(ctx.db, most)
      return c.json({
        replies: open.map(({ reply: { id: replyId, leadId, hintLeadId, ...reply }, step }) => ({
          id: replyId,
          leadId: leadId ?? hintLeadId,
          sender: reply.sender,
          subject: reply.subject,
          text: reply.text,
          attachments: reply.attachments,
          receivedAt: reply.receivedAt,
          step,
        })),
      })
    })
    .post('/replies/:id/answered', requireRole('editor'), id, async (c) => {
      const { id: replyId } = c.req.valid('param')
      return c.json({ done: await answerReply(ctx, { replyId, actor: c.get('user').actor }) })
    })
    .get('/mails', requireRole('viewer'), async (c) => {
      const mails = await listMailsInTrouble(ctx.db, most)
      return c.json({ mails: mails.map((mail) => seenBy(c.get('user'), mail)) })
    })
    .post(
      '/mails/:id/settle',
      requireRole('editor'),
      id,
      body(z.object({ choice: z.enum(settleChoices) })),
      async (c) => {
        const { id: deliveryId } = c.req.valid('param')
        const { choice } = c.req.valid('json')
        await settleDelivery(ctx, { deliveryId, choice, actor: c.get('user').actor })
        return c.json({ done: true })
      },
    )
    .post(
      '/dispatches/:id/settle',
      requireRole('editor'),
      id,
      body(z.object({ choice: z.enum(settleChoices) })),
      async (c) => {
        const { id: dispatchId } = c.req.valid('param')
        const { choice } = c.req.valid('json')
        const settled = await settleDispatch(ctx, { dispatchId, choice, actor: c.get('user').actor })
        return c.json({ settled })
      },
    )
    .get('/service', requireRole('viewer'), async (c) => {
      const health = await readHealth(ctx.db, ctx.clock.now(), ctx.config.sending.dailyQuota)
      return c.json({ ...health, failedAlertList: await listFailedAlerts(ctx.db, most) })
    })
    .post('/service/alerts/:id/retry', requireRole('editor'), id, async (c) => {
      await retryAlert(ctx, { alertId: c.req.valid('param').id, actor: c.get('user').actor })
      return c.json({ done: true })
    })
    .post(
      '/service/templates/resume',
      requireRole('editor'),
      body(z.object({ template: line(100) })),
      async (c) => {
        const { template } = c.req.valid('json')
        return c.json({ released: await resumeTemplate(ctx, { template, actor: c.get('user').actor }) })
      },
    )

/** A body of another shape than its tool's tells of no fields. */
const unreadable = (error: unknown) => {
  if (error instanceof Problem) return null
  throw error
}

/** Whose a booking may be: whoever has it now, and those with its address or number. */
async function candidatesOf(
  ctx: Context,
  { emailKey, phone, leadId }: { emailKey: string | null; phone: string | null; leadId: string | null },
) {
  const found = [
    leadId === null ? null : await findLead(ctx.db, leadId),
    emailKey === null ? null : await findLeadByEmail(ctx.db, emailKey),
    ...(phone === null ? [] : await findLeadsByPhone(ctx.db, phone)),
  ].filter((lead): lead is Lead => lead !== null)
  const byId = new Map(found.map((lead) => [lead.id, lead]))
  return [...byId.values()].map(({ id: lead, email, firstName, lastName, phone: number }) => ({
    id: lead,
    email,
    firstName,
    lastName,
    phone: number,
  }))
}
