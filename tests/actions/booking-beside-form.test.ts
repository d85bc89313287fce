import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordBooking } from '../../src/actions/record-booking.ts'
import { inTransaction } from '../../src/store/db.ts'
import { storyOf } from '../http/support.ts'
import { submitForm } from '../support/forms.ts'
import { createTestService, type TestService } from '../support/service.ts'

let service: TestService
beforeAll(async () => {
  service = await createTestService()
  await service.addSource({})
})
afterAll(() => service?.stop())

/** A booking made by phone: nothing but the number tells whose it is. */
const bookingOf = (phone: string) => ({
  kind: 'booked' as const,
  externalId: `call ${phone}`,
  eventId: `call ${phone}`,
  token: null,
  email: null,
  phone,
  startsAt: '2026-03-09T15:00:00Z',
  endsAt: null,
  occurredAt: '2026-03-04T15:00:00Z',
})

async function expectBooked(email: string) {
  const { lead, enrollments, bookings } = await storyOf(service, email)
  expect(bookings).toMatchObject([{ leadId: lead.id, matchedBy: 'phone', status: 'booked' }])
  expect(enrollments.filter(({ status }) => status === 'active' || status === 'held')).toEqual([])
}

test('a form that comes while a booking under its phone number is stored finds that booking', async () => {
  const { ctx } = service
  const [email, phone] = ['beside@lead.example', '+16105550177']
  let form: Promise<Response> | null = null
  await inTransaction(ctx.db, async (tx) => {
    await recordBooking(ctx, tx, { tool: 'calendly', booking: bookingOf(phone) })
    form = submitForm(service, { email, phone })
    // Time enough for a form that does not wait.
    await sleep(700)
  })
  expect((await form!).status).toBe(200)
  await expectBooked(email)
})

test('neither misses the other when they come at once', async () => {
  const { ctx } = service
  const people = Array.from({ length: 30 }, (_, at) => ({
    email: `at-once-${at}@lead.example`,
    phone: `+161055502${String(at).padStart(2, '0')}`,
  }))
  await Promise.all(
    people.map(async ({ email, phone }) => {
      const booking = inTransaction(ctx.db, (tx) =>
        recordBooking(ctx, tx, { tool: 'calendly', booking: bookingOf(phone) }),
      )
      const [answer] = await Promise.all([submitForm(service, { email, phone }), booking])
      expect(answer.status).toBe(200)
    }),
  )
  for (const { email } of people) await expectBooked(email)
})
