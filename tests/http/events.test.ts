import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { providerEvents, suppressions } from '../../drizzle/schema/index.ts'
import { runTick } from '../../src/actions/run-tick.ts'
import { sendDispatch } from '../../src/actions/send-dispatch.ts'
import { nextDueAt } from '../../src/store/due-deliveries.ts'
import { listParkedEvents } from '../../src/store/events.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { oldBookingToken } from '../support/booking-token.ts'
import { submitForm } from '../support/forms.ts'
import { json, mailsTo, send, settle, signers, storyOf } from './support.ts'

let service: TestService
beforeAll(async () => {
  service = await createTestService()
  await service.addSource({})
  // Only the events that a test sends itself.
  service.sandbox.setWebhook(null)
})
afterAll(() => service?.stop())

let people = 0
const newAddress = () => `person-${++people}@lead.example`
const uri = () => `https://api.calendly.com/scheduled_events/E/invitees/${randomUUID()}`

/** A lead that was sent its first mail, of which nothing was heard yet. */
async function newLead(fields: Record<string, string> = {}) {
  const email = fields.email ?? newAddress()
  expect((await submitForm(service, { email, ...fields })).status).toBe(200)
  await settle(service)
  const { lead, enrollments, deliveries } = await storyOf(service, email)
  return { email, lead, enrollment: enrollments[0]!, first: deliveries[0]! }
}

type Event = { type: string; id?: string; email?: string; tag?: string; data?: object }

/** Posts an event as Resend signs it, and returns what became of it. */
async function resend({ type, id = `msg_${randomUUID()}`, email = 'unknown', tag, data = {} }: Event) {
  const body = JSON.stringify({
    type,
    created_at: '2026-03-04T15:00:00.000Z',
    data: { email_id: email, ...(tag ? { tags: { delivery: tag, step: 'lesson-1' } } : {}), ...data },
  })
  return postResend(body, id)
}

async function postResend(body: string | Uint8Array<ArrayBuffer>, id: string) {
  const secret = service.ctx.config.resend.webhookSecrets[0]!
  const headers = { 'content-type': json, ...signers.resend(body, secret, new Date(), id) }
  const answer = await send(service, '/hooks/resend', { headers, body })
  expect([answer.status, await answer.text()]).toEqual([200, '{"received":true}'])
  return stored('resend', id)
}

async function stored(provider: string, eventId: string) {
  const rows = await service.ctx.db.select().from(providerEvents).where(eq(providerEvents.eventId, eventId))
  expect(rows).toMatchObject([{ provider }])
  return rows[0]!
}

const suppressed = () => service.ctx.db.$count(suppressions)

async function deliveryOf(email: string, step: string) {
  const { deliveries } = await storyOf(service, email)
  const found = deliveries.filter((one) => one.step === step)
  expect(found).toHaveLength(1)
  return found[0]!
}

async function expectRunning(email: string) {
  const { enrollments } = await storyOf(service, email)
  expect(enrollments).toMatchObject([{ status: 'active', stopReason: null }])
  expect(await deliveryOf(email, 'lesson-2')).toMatchObject({ status: 'waiting' })
}

/** `next`: what waits all the same, which can only be the mail that asks to book again. */
async function expectStopped(email: string, stopReason: string, next: string[] = []) {
  const { enrollments, deliveries } = await storyOf(service, email)
  const lessons = enrollments.filter(({ sequence }) => sequence !== 'rebook')
  expect(lessons).toMatchObject([{ status: 'stopped', stopReason }])
  const waiting = deliveries.filter(({ status }) => status === 'waiting' || status === 'sealed')
  expect(waiting.map(({ step }) => step)).toEqual(next)
}

describe('Resend: what became of a mail', () => {
  test('comes before our own record, and is found by its tag', async () => {
    const email = newAddress()
    await submitForm(service, { email })
    const { dispatches } = await runTick(service.ctx)
    const sealed = await deliveryOf(email, 'lesson-1')
    expect(sealed.status).toBe('sealed')
    const event = await resend({ type: 'email.delivered', email: 'early-1', tag: sealed.id })
    expect(event).toMatchObject({ status: 'applied', leadId: sealed.leadId })
    expect(await deliveryOf(email, 'lesson-1')).toMatchObject({ status: 'delivered', providerId: 'early-1' })
    expect(await deliveryOf(email, 'lesson-2')).toMatchObject({ status: 'waiting' })
    for (const { id } of dispatches) await sendDispatch(service.ctx, id)
    await settle(service)
    expect(await deliveryOf(email, 'lesson-1')).toMatchObject({ status: 'delivered', providerId: 'early-1' })
    expect((await storyOf(service, email)).deliveries).toHaveLength(2)
  })

  test('comes while the call that it is about still waits for its answer', async () => {
    const webhook = {
      url: `${service.baseUrl}/hooks/resend`,
      secret: service.ctx.config.resend.webhookSecrets[0]!,
    }
    const email = newAddress()
    service.sandbox.setWebhook(webhook)
    service.sandbox.plan({ kind: 'slow', ms: 3_000, accept: 'before', match: email })
    await submitForm(service, { email })
    const { dispatches } = await runTick(service.ctx)
    const calls = dispatches.map(({ id }) => sendDispatch(service.ctx, id))
    await expect
      .poll(async () => (await deliveryOf(email, 'lesson-1')).status, { interval: 10, timeout: 2_900 })
      .toBe('delivered')
    await Promise.all(calls)
    await settle(service)
    service.sandbox.setWebhook(null)
    expect(await deliveryOf(email, 'lesson-1')).toMatchObject({ status: 'delivered' })
    expect((await storyOf(service, email)).deliveries).toHaveLength(2)
    expect(mailsTo(service, email)).toHaveLength(1)
  })

  test('the same event again, also many at once, is applied once', async () => {
    const { email, first } = await newLead()
    const event = { type: 'email.complained', id: `msg_${randomUUID()}`, email: first.providerId! }
    const before = await suppressed()
    const results = await Promise.all(Array.from({ length: 10 }, () => resend(event)))
    expect(new Set(results.map(({ id }) => id)).size).toBe(1)
    expect((await resend(event)).status).toBe('applied')
    expect(await suppressed()).toBe(before + 1)
    await expectStopped(email, 'complained')
  })

  test('an id that comes again with other bytes changes nothing', async () => {
    const { email, first } = await newLead()
    const id = `msg_${randomUUID()}`
    await resend({ type: 'email.delivered', id, email: first.providerId! })
    await resend({ type: 'email.complained', id, email: first.providerId! })
    await expectRunning(email)
  })

  test('a late `sent` does not take back `delivered`', async () => {
    const { email, first } = await newLead()
    for (const [type, status] of [
      ['email.delivery_delayed', 'sent'],
      ['email.delivered', 'delivered'],
      ['email.sent', 'delivered'],
      ['email.opened', 'delivered'],
      ['email.clicked', 'delivered'],
      ['email.delivery_delayed', 'delivered'],
    ] as const) {
      expect((await resend({ type, email: first.providerId! })).status).toBe('applied')
      expect([type, (await deliveryOf(email, 'lesson-1')).status]).toEqual([type, status])
    }
    await expectRunning(email)
  })

  test('in whichever order they come, even all at once, the end is the same', async () => {
    const types = ['email.sent', 'email.delivered', 'email.complained']
    const orders = [types, types.toReversed(), ['email.delivered', 'email.complained', 'email.sent']]
    for (const order of orders) {
      const { email, first } = await newLead()
      for (const type of order) await resend({ type, email: first.providerId! })
      expect(await deliveryOf(email, 'lesson-1')).toMatchObject({ status: 'complained' })
      await expectStopped(email, 'complained')
    }
    const { email, first } = await newLead()
    await Promise.all(types.map((type) => resend({ type, email: first.providerId! })))
    expect(await deliveryOf(email, 'lesson-1')).toMatchObject({ status: 'complained' })
    await expectStopped(email, 'complained')
  })

  test.each([
    ['email.bounced', { bounce: { type: 'Permanent', subType: 'General' } }, 'bounced', 'bounced', 'bounced'],
    [
      'email.bounced',
      { bounce: { type: 'Transient', subType: 'Suppressed' } },
      'bounced',
      'bounced',
      'bounced',
    ],
    ['email.complained', {}, 'complained', 'complained', 'complained'],
    ['email.suppressed', {}, 'suppressed', 'suppressed', 'provider'],
  ])('%s %o suppresses and stops in one transaction', async (type, data, status, stop, reason) => {
    const { email, enrollment, first } = await newLead()
    const before = await suppressed()
    const event = await resend({ type, email: first.providerId!, data })
    expect(await deliveryOf(email, 'lesson-1')).toMatchObject({ status })
    await expectStopped(email, stop)
    expect(await suppressed()).toBe(before + 1)
    // A row's xmin is the transaction that wrote it.
    const { rows } = await service.ctx.db.execute<Record<string, string>>(sql`
      select (select xmin from suppressions order by id desc limit 1) as suppression,
        (select reason from suppressions order by id desc limit 1) as why,
        (select xmin from enrollments where id = ${enrollment.id}) as enrollment,
        (select xmin from deliveries where enrollment_id = ${enrollment.id} and status = 'cancelled') as cancelled,
        (select xmin from provider_events where id = ${event.id}) as event`)
    const { suppression, why, ...others } = rows[0]!
    expect(why).toBe(reason)
    expect(others).toEqual({ enrollment: suppression, cancelled: suppression, event: suppression })
  })

  test('the third bounce for now stops, and suppresses nobody', async () => {
    const { email } = await newLead()
    const before = await suppressed()
    for (const step of ['lesson-1', 'lesson-2', 'lesson-3']) {
      expect((await storyOf(service, email)).enrollments).toMatchObject([{ status: 'active' }])
      service.clock.jumpTo((await deliveryOf(email, step)).dueAt)
      await settle(service)
      const { providerId } = await deliveryOf(email, step)
      const data = { bounce: { type: 'Transient', subType: 'MailboxFull' } }
      await resend({ type: 'email.bounced', email: providerId!, data })
      expect(await deliveryOf(email, step)).toMatchObject({
        status: 'bounced',
        reason: 'Transient: MailboxFull',
      })
    }
    await expectStopped(email, 'bounced')
    expect(await suppressed()).toBe(before)
  })

  test('after a stop an event still tells the truth, and plans nothing', async () => {
    const email = newAddress()
    await submitForm(service, { email })
    const { dispatches } = await runTick(service.ctx)
    const sealed = await deliveryOf(email, 'lesson-1')
    await calendly({ email })
    await resend({ type: 'email.delivered', email: 'after-stop', tag: sealed.id })
    expect(await deliveryOf(email, 'lesson-1')).toMatchObject({ status: 'delivered' })
    expect((await storyOf(service, email)).deliveries).toHaveLength(1)
    await expectStopped(email, 'booked')
    for (const { id } of dispatches) await sendDispatch(service.ctx, id)
  })

  test('types that we do not know, and mails that are not ours: stored and ignored', async () => {
    const { email, first } = await newLead()
    const types = ['email.teleported', 'domain.updated', 'contact.created', 'x'.repeat(5_000), '']
    for (const type of types)
      expect(await resend({ type, email: first.providerId! })).toMatchObject({
        status: 'ignored',
        reason: expect.any(String),
      })
    for (const event of [
      { type: 'email.complained', email: randomUUID() },
      { type: 'email.complained', tag: randomUUID() },
      { type: 'email.complained', tag: 'no-uuid' },
      { type: 'email.bounced', data: { tags: [{ name: 'delivery', value: first.id }] } },
    ])
      expect(await resend(event)).toMatchObject({ status: 'ignored', leadId: null })
    await expectRunning(email)
  })

  test('a type that is called like a property of every object is unknown too', async () => {
    for (const type of ['__proto__', 'constructor', 'toString'])
      expect(await resend({ type, tag: (await newLead()).first.id })).toMatchObject({ status: 'ignored' })
  })

  test('a mail that failed at the provider holds its enrollment', async () => {
    const { email, first } = await newLead()
    await resend({ type: 'email.failed', email: first.providerId!, data: { failed: { reason: 'x' } } })
    expect(await deliveryOf(email, 'lesson-1')).toMatchObject({ status: 'failed', reason: 'x' })
    expect((await storyOf(service, email)).enrollments).toMatchObject([{ status: 'held' }])
  })

  test('bytes that cannot be parsed: stored as they are, and answered 200', async () => {
    const bodies = [
      '{"type":',
      'null',
      '[]',
      '',
      '{"type":1,"data":{"email_id":"x"}}',
      '{"type":"email.sent"}',
    ]
    for (const body of bodies) {
      const event = await postResend(body, `msg_${randomUUID()}`)
      expect(event).toMatchObject({ status: 'ignored', body: Buffer.from(body) })
    }
    const bytes = new Uint8Array([0xff, 0x00, 0xfe])
    expect((await postResend(bytes, `msg_${randomUUID()}`)).body).toEqual(Buffer.from(bytes))
  })

  test('what the database refuses is left to a person, and never answers 5xx', async () => {
    const id = `msg_${randomUUID()}`
    const event = await resend({ type: 'email.delivered', id, email: 'nul\u0000' })
    expect(event).toMatchObject({ status: 'pending', failures: 1 })
    for (let time = 0; time < 5; time++) {
      service.clock.jumpTo(new Date(service.clock.now().getTime() + 60_000))
      await runTick(service.ctx)
    }
    expect(await stored('resend', id)).toMatchObject({ status: 'parked' })
    expect((await listParkedEvents(service.ctx.db, 10)).map((one) => one.id)).toContain(event.id)
  })
})

type Invitee = {
  event?: string
  invitee?: string
  at?: string
  email?: string
  phone?: string
  token?: string
  data?: object
}

/** Posts an event as Calendly signs it. */
async function calendly(invitee: Invitee): Promise<void> {
  const { event = 'invitee.created', at = '2026-03-04T15:00:00Z', email, phone, token, data = {} } = invitee
  const payload = {
    uri: invitee.invitee ?? uri(),
    email: email ?? 'somebody.else@lead.example',
    text_reminder_number: phone ?? null,
    tracking: { utm_source: 'nurture', utm_content: token ?? null },
    rescheduled: false,
    old_invitee: null,
    scheduled_event: { start_time: '2026-03-09T15:00:00Z', end_time: '2026-03-09T15:30:00Z' },
    ...data,
  }
  const body = JSON.stringify({ event, created_at: at, payload })
  const headers = { 'content-type': json, ...signers.calendly(body, service.calendlySecret, new Date()) }
  const answer = await send(service, '/hooks/bookings/calendly', { headers, body })
  expect([answer.status, await answer.text()]).toEqual([200, '{"received":true}'])
}

const tokenOf = (enrollmentId: string) => oldBookingToken(service, enrollmentId)

describe('Calendly: a call is booked', () => {
  test('stops the lead', async () => {
    const { email, enrollment } = await newLead()
    await calendly({ email })
    await expectStopped(email, 'booked')
    expect((await storyOf(service, email)).bookings).toMatchObject([
      { tool: 'calendly', status: 'booked', matchedBy: 'email', enrollmentId: enrollment.id },
    ])
    expect(await nextDueAt(service.ctx.db)).not.toBeNull()
  })

  test('cancelled: in order or before it was created, the end is the same', async () => {
    const ends = []
    for (const flip of [false, true]) {
      const { email } = await newLead()
      const invitee = uri()
      const created = { email, invitee, at: '2026-03-04T15:00:00Z' }
      const cancelled = { ...created, event: 'invitee.canceled', at: '2026-03-04T16:00:00Z' }
      for (const one of flip ? [cancelled, created] : [created, cancelled]) await calendly(one)
      await expectStopped(email, 'booked', ['rebook'])
      const { bookings } = await storyOf(service, email)
      ends.push(bookings.map(({ status, occurredAt }) => ({ status, occurredAt })))
    }
    expect(ends[0]).toEqual([{ status: 'cancelled', occurredAt: new Date('2026-03-04T16:00:00Z') }])
    expect(ends[1]).toEqual(ends[0])
  })

  test('a cancellation alone stops nobody', async () => {
    const { email } = await newLead()
    await calendly({ email, event: 'invitee.canceled' })
    await expectRunning(email)
  })

  test('rescheduled: in either order the lead stays stopped, with a booking that stands', async () => {
    for (const flip of [false, true]) {
      const { email } = await newLead()
      const [old, next] = [uri(), uri()]
      await calendly({ email, invitee: old })
      const gone = {
        event: 'invitee.canceled',
        email,
        invitee: old,
        at: '2026-03-05T15:00:00Z',
        data: { rescheduled: true, new_invitee: next },
      }
      const moved = { email, invitee: next, at: '2026-03-05T15:00:00Z', data: { old_invitee: old } }
      for (const one of flip ? [moved, gone] : [gone, moved]) await calendly(one)
      await expectStopped(email, 'booked')
      const { bookings } = await storyOf(service, email)
      expect(bookings.some(({ externalId, status }) => externalId === next && status === 'booked')).toBe(true)
      // The form again: still booked.
      await submitForm(service, { email })
      expect((await storyOf(service, email)).captures.map(({ outcome }) => outcome)).toContain('booked')
    }
  })

  test('rescheduled and then cancelled: nothing stands any more, and a form that comes later is asked to book again', async () => {
    const email = newAddress()
    const [old, next] = [uri(), uri()]
    await calendly({ email, invitee: old, at: '2026-03-04T15:00:00Z' })
    await calendly({ email, invitee: next, at: '2026-03-05T15:00:00Z', data: { old_invitee: old } })
    await calendly({ event: 'invitee.canceled', email, invitee: next, at: '2026-03-06T15:00:00Z' })
    await submitForm(service, { email })
    const { captures, enrollments, bookings } = await storyOf(service, email)
    expect(captures).toMatchObject([{ outcome: 'booked' }])
    expect(enrollments).toMatchObject([{ sequence: 'rebook', status: 'active' }])
    expect(bookings.map(({ status }) => status)).toEqual(['moved', 'cancelled'])
  })

  test('a booking that was cancelled long ago stands against no form', async () => {
    const email = newAddress()
    const invitee = uri()
    const data = { scheduled_event: { start_time: '2026-01-12T15:00:00Z' } }
    await calendly({ email, invitee, data, at: '2026-01-05T15:00:00Z' })
    await calendly({ event: 'invitee.canceled', email, invitee, data, at: '2026-01-06T15:00:00Z' })
    await submitForm(service, { email })
    expect((await storyOf(service, email)).captures).toMatchObject([{ outcome: 'enrolled' }])
  })

  test('the same booking twice, and two bookings of one lead', async () => {
    const { email } = await newLead()
    const invitee = uri()
    await calendly({ email, invitee })
    await calendly({ email, invitee })
    await Promise.all(Array.from({ length: 5 }, () => calendly({ email, invitee })))
    expect((await storyOf(service, email)).bookings).toHaveLength(1)
    await calendly({ email })
    expect((await storyOf(service, email)).bookings).toHaveLength(2)
    await expectStopped(email, 'booked')
  })

  test('by our token, under another e-mail address', async () => {
    const { email, enrollment } = await newLead()
    const other = await newLead()
    await calendly({ token: tokenOf(enrollment.id), email: 'at.work@lead.example' })
    await expectStopped(email, 'booked')
    expect((await storyOf(service, email)).bookings).toMatchObject([{ matchedBy: 'token' }])
    await calendly({ token: tokenOf(enrollment.id), email: other.email })
    await expectRunning(other.email)
  })

  test('a token that was tampered with, or is for something else, counts for nothing', async () => {
    const { email, first, enrollment } = await newLead()
    const token = tokenOf(enrollment.id)
    const unsubscribe = new URL(service.ctx.links.unsubscribe(first.id)).pathname.split('/')[2]!
    for (const wrong of [`${token.slice(0, -2)}AA`, unsubscribe, enrollment.id, 'newsletter'])
      await calendly({ token: wrong })
    await expectRunning(email)
  })

  test('by phone; when two leads share it, nobody is stopped', async () => {
    const one = await newLead({ phone: '+16105550161' })
    await calendly({ phone: '+1 610-555-0161' })
    await expectStopped(one.email, 'booked')
    expect((await storyOf(service, one.email)).bookings).toMatchObject([{ matchedBy: 'phone' }])

    const [two, three] = [await newLead({ phone: '+16105550162' }), await newLead({ phone: '+16105550162' })]
    await calendly({ phone: '+16105550162' })
    await expectRunning(two.email)
    await expectRunning(three.email)
  })

  test('a no-show restarts nothing, and asks once to book again', async () => {
    const { email } = await newLead()
    const invitee = uri()
    await calendly({ email, invitee })
    await calendly({ email, invitee, event: 'invitee_no_show.created', at: '2026-03-10T15:00:00Z' })
    await expectStopped(email, 'booked', ['rebook'])
    expect((await storyOf(service, email)).bookings).toMatchObject([{ status: 'no-show' }])
  })

  test('while a mail is sealed: it does not go out', async () => {
    const email = newAddress()
    await submitForm(service, { email })
    const { dispatches } = await runTick(service.ctx)
    expect(await deliveryOf(email, 'lesson-1')).toMatchObject({ status: 'sealed' })
    await calendly({ email })
    for (const { id } of dispatches) await sendDispatch(service.ctx, id)
    await settle(service)
    expect(mailsTo(service, email)).toEqual([])
    expect(await deliveryOf(email, 'lesson-1')).toMatchObject({ status: 'cancelled', reason: 'booked' })
  })

  test('an event that cannot be understood is parked and answered 200', async () => {
    const before = (await listParkedEvents(service.ctx.db, 100)).length
    for (const data of [{ uri: 1 }, { uri: '' }, { scheduled_event: 'soon' }]) await calendly({ data })
    await calendly({ at: 'yesterday' })
    const parked = await listParkedEvents(service.ctx.db, 100)
    expect(parked.length).toBe(before + 4)
    expect(parked[0]).toMatchObject({ provider: 'calendly', reason: expect.any(String) })
  })

  test('an event that is none of our business is ignored', async () => {
    await calendly({ event: 'routing_form_submission.created', data: { uri: 'x' } })
    const [row] = await service.ctx.db
      .select()
      .from(providerEvents)
      .orderBy(sql`id desc`)
      .limit(1)
    expect(row).toMatchObject({ provider: 'calendly', status: 'ignored' })
  })
})
