import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { auditLog } from '../../drizzle/schema/index.ts'
import { assignBooking } from '../../src/actions/assign-booking.ts'
import { changePace } from '../../src/actions/change-pace.ts'
import { disownBooking } from '../../src/actions/disown-booking.ts'
import { eraseLead } from '../../src/actions/erase-lead.ts'
import { stopLead } from '../../src/actions/stop-lead.ts'
import { switchStep } from '../../src/actions/switch-step.ts'
import { unsubscribe } from '../../src/actions/unsubscribe.ts'
import { listDoubtfulBookings } from '../../src/store/bookings.ts'
import { nextDueAt } from '../../src/store/due-deliveries.ts'
import { readHealth } from '../../src/store/health.ts'
import { readTimeline } from '../../src/store/timeline.ts'
import { mailsTo, settle, storyOf } from '../http/support.ts'
import { blankFields } from '../support/blank-fields.ts'
import { bookingToken } from '../support/booking-token.ts'
import { submitForm } from '../support/forms.ts'
import { createTestService, type TestService, testStart } from '../support/service.ts'
import { tell } from './booking-support.ts'

let service: TestService
beforeEach(async () => {
  service = await createTestService()
  await service.addSource({})
})
afterEach(() => service.stop())

const day = 86_400_000
const email = 'pat@lead.example'
const invitee = 'https://calendly.test/1'
const later = (ms: number) => service.clock.jumpTo(new Date(service.clock.now().getTime() + ms))
const at = () => service.clock.now().toISOString()

async function lead(address = email, fields: Record<string, string> = {}) {
  await submitForm(service, { email: address, ...fields })
  await settle(service)
}

async function booked(more: { email?: string; startsAt?: string; data?: object; invitee?: string } = {}) {
  await tell(service, { invitee, email, at: at(), ...more })
  later(60_000)
}

async function cancelled(canceler: string | null = null, more: { startsAt?: string; invitee?: string } = {}) {
  const data = canceler === null ? {} : { cancellation: { canceler_type: canceler } }
  await tell(service, { event: 'invitee.canceled', invitee, email, at: at(), data, ...more })
}

/** Plays all that is planned, and returns the steps that went out to the address, the last mails first to see. */
async function playOut(address = email) {
  for (let next; (next = await nextDueAt(service.ctx.db));) {
    if (next > service.clock.now()) service.clock.jumpTo(next)
    await settle(service)
  }
  return mailsTo(service, address).map(({ tags }) => tags.step)
}

describe('after a cancellation', () => {
  test('one mail asks to book again, a day later and in the window, and nothing follows', async () => {
    await lead()
    await booked()
    await cancelled('invitee')
    const { enrollments, deliveries } = await storyOf(service, email)
    expect(enrollments).toMatchObject([
      { sequence: 'back-spasms', status: 'stopped', stopReason: 'booked' },
      { sequence: 'rebook', status: 'active' },
    ])
    const due = deliveries.find(({ step }) => step === 'rebook')!.dueAt
    // Wednesday at ten, a minute for the booking, and one day.
    expect(due).toEqual(new Date(testStart.getTime() + day + 60_000))
    expect(await playOut()).toEqual(['lesson-1', 'rebook'])
    expect((await storyOf(service, email)).enrollments.at(-1)).toMatchObject({ status: 'finished' })
    const mail = mailsTo(service, email).at(-1)!
    expect(mail.subject).toBe('If you would still like to talk')
    expect(mail.text).toContain('/book/')
  })

  test('who had asked for none for a month gets it after that', async () => {
    await lead()
    const [first] = (await storyOf(service, email)).deliveries
    await changePace(service.ctx, { deliveryId: first!.id, change: 'pause' })
    later(60_000)
    await booked()
    await cancelled('invitee')
    const { enrollments, deliveries } = await storyOf(service, email)
    const asking = deliveries.find(({ step }) => step === 'rebook')!
    // The fourth of April is a Saturday.
    expect(asking.dueAt).toEqual(new Date('2026-04-06T12:00:00Z'))
    expect(enrollments.at(-1)).toMatchObject({ sequence: 'rebook', pausedUntil: enrollments[0]!.pausedUntil })
  })

  test('one on a Friday waits for Monday', async () => {
    await lead()
    later(2 * day)
    await booked()
    await cancelled()
    const rebook = (await storyOf(service, email)).deliveries.find(({ step }) => step === 'rebook')!
    expect(rebook.dueAt).toEqual(new Date('2026-03-09T12:00:00Z'))
  })

  test('so does a no-show, and both of one booking together ask once', async () => {
    await lead()
    await booked()
    await cancelled()
    await tell(service, { event: 'invitee_no_show.created', invitee, email, at: at() })
    expect(await playOut()).toEqual(['lesson-1', 'rebook'])
    later(day)
    await tell(service, { event: 'invitee_no_show.created', invitee, email, at: at() })
    expect(await playOut()).toEqual(['lesson-1', 'rebook'])
  })

  test('whoever books again meanwhile hears nothing', async () => {
    await lead()
    await booked()
    await cancelled()
    later(3_600_000)
    await booked({ invitee: 'https://calendly.test/2' })
    expect(await playOut()).toEqual(['lesson-1'])
    expect((await storyOf(service, email)).enrollments).toMatchObject([
      { status: 'stopped' },
      { sequence: 'rebook', status: 'stopped', stopReason: 'booked' },
    ])
  })

  test('and whoever booked by the link in that mail is known by it', async () => {
    await lead()
    await booked()
    await cancelled()
    await playOut()
    const { deliveries, enrollments } = await storyOf(service, email)
    const [, rebook] = enrollments
    const mail = deliveries.find(({ enrollmentId }) => enrollmentId === rebook!.id)
    const data = { tracking: { utm_content: bookingToken(service, mail!.id) } }
    await booked({ email: 'at.work@lead.example', invitee: 'https://calendly.test/3', data })
    expect((await storyOf(service, email)).bookings.at(-1)).toMatchObject({
      matchedBy: 'token',
      enrollmentId: rebook!.id,
    })
  })

  test('a second within 30 days asks nothing; one later asks again', async () => {
    await lead()
    await booked()
    await cancelled()
    await playOut()
    const again = async (id: string) => {
      const startsAt = new Date(service.clock.now().getTime() + 5 * day).toISOString()
      await booked({ invitee: id, startsAt })
      await cancelled(null, { invitee: id, startsAt })
      return playOut()
    }
    later(10 * day)
    expect(await again('https://calendly.test/2')).toEqual(['lesson-1', 'rebook'])
    later(25 * day)
    expect(await again('https://calendly.test/3')).toEqual(['lesson-1', 'rebook', 'rebook'])
  })
})

describe('nobody is asked to book again', () => {
  const nothing = async () => expect(await playOut()).not.toContain('rebook')

  test('when the clinic cancelled', async () => {
    await lead()
    await booked()
    await cancelled('host')
    await nothing()
  })

  test('when the step is off', async () => {
    await switchStep(service.ctx, { sequence: 'rebook', step: 'rebook', on: false, actor: 'test' })
    await lead()
    await booked()
    await cancelled()
    await nothing()
    expect((await storyOf(service, email)).enrollments).toHaveLength(1)
  })

  test('who unsubscribed, before or after the cancellation', async () => {
    for (const address of ['a@lead.example', 'b@lead.example']) {
      await lead(address)
      const [first] = (await storyOf(service, address)).deliveries
      await booked({ email: address, invitee: address })
      if (address.startsWith('a')) await unsubscribe(service.ctx, first!.id)
      await tell(service, { event: 'invitee.canceled', invitee: address, email: address, at: at() })
      const planned = (await storyOf(service, address)).enrollments.map(({ sequence }) => sequence)
      expect(planned.includes('rebook')).toBe(address.startsWith('b'))
      await unsubscribe(service.ctx, first!.id)
      expect(await playOut(address)).toEqual(['lesson-1'])
    }
  })

  test('whom staff had stopped before', async () => {
    await lead()
    const { lead: known } = await storyOf(service, email)
    await stopLead(service.ctx, service.ctx.db, { leadId: known.id, reason: 'staff' })
    await booked()
    await cancelled()
    expect((await storyOf(service, email)).enrollments).toHaveLength(1)
  })

  test('who refused mail, at first or at last', async () => {
    const form = { consent_checkbox: 'no', consent: 'no' }
    await lead(email, form)
    expect((await storyOf(service, email)).captures).toMatchObject([{ outcome: 'without-consent' }])
    await booked()
    await cancelled()
    await nothing()
    await lead('b@lead.example')
    await lead('b@lead.example', form)
    await booked({ email: 'b@lead.example', invitee: 'b' })
    await tell(service, { event: 'invitee.canceled', invitee: 'b', email: 'b@lead.example', at: at() })
    expect(await playOut('b@lead.example')).toEqual(['lesson-1'])
    // And while the mail waits already.
    await lead('c@lead.example')
    await booked({ email: 'c@lead.example', invitee: 'c' })
    await tell(service, { event: 'invitee.canceled', invitee: 'c', email: 'c@lead.example', at: at() })
    await lead('c@lead.example', form)
    expect(await playOut('c@lead.example')).toEqual(['lesson-1'])
  })

  test('from where an inquiry alone is no consent, or at an address where nothing arrives', async () => {
    await lead(email, { country: 'Canada', consent: '' })
    await lead('nobody@lead.invalid')
    for (const [address, outcome] of [
      [email, 'without-consent'],
      ['nobody@lead.invalid', 'impossible'],
    ] as const) {
      expect((await storyOf(service, address)).captures).toMatchObject([{ outcome }])
      await booked({ email: address, invitee: address })
      await tell(service, { event: 'invitee.canceled', invitee: address, email: address, at: at() })
      expect((await storyOf(service, address)).enrollments).toEqual([])
    }
  })

  test('for a time long past, or without any form', async () => {
    await lead()
    const startsAt = new Date(testStart.getTime() - 31 * day).toISOString()
    await booked({ startsAt })
    await cancelled(null, { startsAt })
    await nothing()
    await booked({ email: 'nobody@lead.example', invitee: 'n' })
    await tell(service, { event: 'invitee.canceled', invitee: 'n', email: 'nobody@lead.example', at: at() })
    expect(await playOut('nobody@lead.example')).toEqual([])
  })

  test('who was erased', async () => {
    await lead()
    await booked()
    await cancelled()
    expect(await eraseLead(service.ctx, { email, actor: 'test' })).toBe(true)
    await cancelled()
    await nothing()
  })

  test('who was erased, and books by the link in an old mail: the stop is used, the address is not kept', async () => {
    await lead()
    await playOut()
    const { deliveries, lead: erased } = await storyOf(service, email)
    const data = {
      tracking: { utm_content: bookingToken(service, deliveries[0]!.id) },
      text_reminder_number: '+16105550142',
    }
    expect(await eraseLead(service.ctx, { email, actor: 'test' })).toBe(true)
    await booked({ invitee: 'https://calendly.test/after', data })
    const { bookings } = await readTimeline(service.ctx.db, erased.id)
    expect(bookings).toMatchObject([{ status: 'booked', matchedBy: 'token', emailKey: null, phone: null }])
  })
})

describe('a match that is not plain', () => {
  const doubts = () => listDoubtfulBookings(service.ctx.db, 10)
  const tokenOf = async (address: string) => {
    const [mail] = (await storyOf(service, address)).deliveries
    return bookingToken(service, mail!.id)
  }

  test('a number of two leads waits for a person, who settles it for good', async () => {
    const phone = '+16105550111'
    for (const address of ['a@lead.example', 'b@lead.example']) await lead(address, { phone })
    const data = { text_reminder_number: phone }
    await booked({ email: 'other@lead.example', data })
    const [doubt, ...rest] = await doubts()
    expect(rest).toEqual([])
    expect(doubt).toMatchObject({ tool: 'calendly', doubt: 'two leads have this phone number' })
    expect((await readHealth(service.ctx.db, service.clock.now(), null)).parked.bookings).toBe(1)
    const actor = 'test'
    await assignBooking(service.ctx, { bookingId: doubt!.id, email: 'B@lead.example', actor })
    expect((await storyOf(service, 'a@lead.example')).enrollments).toMatchObject([{ status: 'active' }])
    expect((await storyOf(service, 'b@lead.example')).enrollments).toMatchObject([{ status: 'stopped' }])
    const { id } = (await storyOf(service, 'b@lead.example')).lead
    const entries = await service.ctx.db.select().from(auditLog).where(eq(auditLog.subject, doubt!.id))
    expect(entries).toMatchObject([{ actor, action: 'assign-booking', detail: { from: null, to: id } }])
    // What the tool says next does not bring the doubt back.
    await tell(service, { event: 'invitee.canceled', invitee, email: 'other@lead.example', at: at(), data })
    expect(await doubts()).toEqual([])
    expect((await storyOf(service, 'b@lead.example')).bookings).toMatchObject([
      { status: 'cancelled', matchedBy: 'person' },
    ])
  })

  test("one lead's link under another's address: the link counts, and a person may see otherwise", async () => {
    await lead('a@lead.example')
    await lead('b@lead.example')
    await booked({
      email: 'b@lead.example',
      data: { tracking: { utm_content: await tokenOf('a@lead.example') } },
    })
    expect((await storyOf(service, 'a@lead.example')).enrollments).toMatchObject([{ status: 'stopped' }])
    expect((await storyOf(service, 'b@lead.example')).enrollments).toMatchObject([{ status: 'active' }])
    const [doubt] = await doubts()
    expect(doubt).toMatchObject({ doubt: 'the link of one lead, the address of another' })
    await assignBooking(service.ctx, { bookingId: doubt!.id, email: 'b@lead.example', actor: 'test' })
    expect((await storyOf(service, 'b@lead.example')).enrollments).toMatchObject([{ status: 'stopped' }])
    expect(await doubts()).toEqual([])
    // The link that the tool goes on to name does not take it back.
    const tracking = { utm_content: await tokenOf('a@lead.example') }
    await tell(service, { invitee, email: 'b@lead.example', at: at(), data: { tracking } })
    expect((await storyOf(service, 'b@lead.example')).bookings).toMatchObject([{ matchedBy: 'person' }])
    expect(await doubts()).toEqual([])
  })

  test('whose it is not is not asked to book again, once a person has said so', async () => {
    for (const [invitees, address] of ['a@lead.example', 'c@lead.example'].entries()) {
      await lead(address)
      const other = address.replace('lead', 'other')
      await lead(other)
      const data = { tracking: { utm_content: await tokenOf(address) } }
      await booked({ email: other, invitee: `calendly:${invitees}`, data })
      await tell(service, {
        event: 'invitee.canceled',
        invitee: `calendly:${invitees}`,
        email: other,
        at: at(),
        data,
      })
      expect((await storyOf(service, address)).enrollments.at(-1)).toMatchObject({
        sequence: 'rebook',
        status: 'active',
      })
    }
    const actor = 'test'
    const [first, second] = await doubts()
    await assignBooking(service.ctx, { bookingId: first!.id, email: 'a@other.example', actor })
    await disownBooking(service.ctx, { bookingId: second!.id, actor })
    for (const address of ['a@lead.example', 'c@lead.example'])
      expect((await storyOf(service, address)).enrollments.at(-1)).toMatchObject({ status: 'stopped' })
    expect(await playOut('a@lead.example')).toEqual(['lesson-1'])
    expect(await playOut('c@lead.example')).toEqual(['lesson-1'])
    expect(await playOut('a@other.example')).toEqual(['lesson-1', 'rebook'])
  })

  test('an address of nobody beside the link of a lead is no doubt, and neither is a booking of nobody', async () => {
    await lead()
    await booked({ email: 'at.work@lead.example', data: { tracking: { utm_content: await tokenOf(email) } } })
    await booked({ email: 'stranger@lead.example', invitee: 'https://calendly.test/2' })
    expect(await doubts()).toEqual([])
  })

  test('a booking or an address that is not there is refused', async () => {
    await lead()
    await booked()
    const [booking] = (await storyOf(service, email)).bookings
    const assign = (bookingId: string, address: string) =>
      assignBooking(service.ctx, { bookingId, email: address, actor: 'test' })
    await expect(assign(booking!.id, 'x@lead.example')).rejects.toMatchObject({ code: 'not-found' })
    await expect(assign(booking!.leadId!, email)).rejects.toMatchObject({ code: 'not-found' })
  })

  test('a form that brings the phone number of an earlier booking claims it', async () => {
    await booked({ email: 'other@lead.example', data: { text_reminder_number: '+16105550112' } })
    await lead(email, { phone: '(610) 555-0112' })
    expect(await storyOf(service, email)).toMatchObject({
      captures: [{ outcome: 'booked' }],
      enrollments: [],
      bookings: [{ matchedBy: 'phone' }],
    })
  })

  test('through a form of anybody, what runs for another spelling of the mailbox stops too', async () => {
    const source = await service.addSource({ slug: 'verified', adapter: 'bearer', secrets: [] })
    const told = (address: string, consent: boolean | null) =>
      service.ctx.captures.add({
        source,
        externalId: address,
        contentType: 'application/json',
        body: Buffer.from('{}'),
        receivedAt: service.clock.now(),
        content: { kind: 'lead', fields: { ...blankFields, email: address, consent } },
      })
    await told('pat+twin@lead.example', true)
    await told(email, false)
    await booked({ email: 'other@lead.example', data: { text_reminder_number: '+16105550112' } })
    await lead(email, { phone: '(610) 555-0112' })
    expect((await storyOf(service, 'pat+twin@lead.example')).enrollments).toMatchObject([
      { status: 'stopped', stopReason: 'booked' },
    ])
    expect((await storyOf(service, email)).bookings).toMatchObject([{ matchedBy: 'phone' }])
  })

  test('also of one whose mails run already: they stop', async () => {
    await lead()
    await booked({ email: 'other@lead.example', data: { text_reminder_number: '+16105550112' } })
    await lead(email, { phone: '(610) 555-0112' })
    expect(await storyOf(service, email)).toMatchObject({
      enrollments: [{ status: 'stopped', stopReason: 'booked' }],
      bookings: [{ matchedBy: 'phone' }],
    })
    expect(await playOut()).toEqual(['lesson-1'])
  })
})
