import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { providerEvents } from '../../drizzle/schema/index.ts'
import { readEvent, takeUpEvent } from '../../src/actions/receive-event.ts'
import { runTick } from '../../src/actions/run-tick.ts'
import { createAcuityReader } from '../../src/booking/readers/acuity.ts'
import { createSquareReader } from '../../src/booking/readers/square.ts'
import { hmacSha256 } from '../../src/capture/signature.ts'
import { reopenEvent } from '../../src/store/events.ts'
import { send, settle, storyOf } from '../http/support.ts'
import { submitForm } from '../support/forms.ts'
import {
  type Backend,
  backends,
  createTestService,
  isMissing,
  type TestService,
  testStart,
} from '../support/service.ts'
import { type StandInApi, startStandInApi } from '../support/stand-in-api.ts'

const keys = { acuity: 'acuity-key', square: 'square-key' }
let api: StandInApi
let service: TestService
async function open(backend: Backend): Promise<void> {
  const at = { origin: api.origin, timeoutMs: 1_500 }
  service = await createTestService({
    backend,
    env: { ACUITY_API_KEYS: keys.acuity, SQUARE_SIGNATURE_KEYS: keys.square, JANE_WEBHOOK_SECRETS: 'j' },
    overrides: {
      bookingReaders: {
        acuity: createAcuityReader({
          ...at,
          userId: '7',
          apiKey: keys.acuity,
          now: () => service.clock.now(),
        }),
        square: createSquareReader({ ...at, accessToken: 'token' }),
      },
    },
  })
  await service.addSource({})
  service.sandbox.setWebhook(null)
}
beforeAll(async () => {
  api = await startStandInApi()
  await open('postgres')
})
afterAll(async () => {
  await service?.stop()
  await api?.close()
})
beforeEach(() => {
  api.asked.length = 0
})

let people = 0
async function newLead() {
  const email = `asked-${++people}@lead.example`
  await submitForm(service, { email })
  await settle(service)
  return email
}

async function post(tool: 'acuity' | 'square', body: string): Promise<string> {
  const path = `/hooks/bookings/${tool}`
  const headers: Record<string, string> =
    tool === 'acuity'
      ? { 'x-acuity-signature': hmacSha256(keys.acuity, body).toString('base64') }
      : {
          'x-square-hmacsha256-signature': hmacSha256(
            keys.square,
            `${service.baseUrl}${path}`,
            body,
          ).toString('base64'),
        }
  const answer = await send(service, path, { headers, body })
  expect([answer.status, await answer.text()]).toEqual([200, '{"received":true}'])
  const [row] = await service.ctx.db
    .select()
    .from(providerEvents)
    .orderBy(sql`id desc`)
    .limit(1)
  return row!.id
}

const stored = async (id: string) =>
  (await service.ctx.db.select().from(providerEvents).where(eq(providerEvents.id, id)))[0]!

/** Lets the pause after a failure be over. */
const over = (id: string) =>
  service.ctx.db.update(providerEvents).set({ nextAttemptAt: null }).where(eq(providerEvents.id, id))

const appointment = (id: number, email: string, rest: object = {}) => ({
  status: 200,
  body: { id, email, phone: '', datetime: '2026-03-09T10:00:00-0500', canceled: false, ...rest },
})

describe('a tool that must be asked', () => {
  test('is answered at once, and asked by the next tick', async () => {
    const email = await newLead()
    api.play(appointment(1, email))
    const id = await post('acuity', 'action=scheduled&id=1')
    expect(await stored(id)).toMatchObject({ status: 'pending' })
    expect(api.asked).toEqual([])
    await settle(service)
    expect(await stored(id)).toMatchObject({ status: 'applied' })
    const authorization = `Basic ${Buffer.from('7:acuity-key').toString('base64')}`
    expect(api.asked).toEqual([{ path: '/api/v1/appointments/1', authorization }])
    const { enrollments, bookings } = await storyOf(service, email)
    expect(enrollments).toMatchObject([{ status: 'stopped', stopReason: 'booked' }])
    expect(bookings).toMatchObject([
      { tool: 'acuity', externalId: '1', matchedBy: 'email', startsAt: new Date('2026-03-09T15:00:00Z') },
    ])
  })

  test('that fails, hangs, talks nonsense and sends us elsewhere is asked again until it answers', async () => {
    const email = await newLead()
    const elsewhere = await startStandInApi()
    elsewhere.play(appointment(2, email))
    const faults = [
      [{ status: 503 }, 'the tool answered 503'],
      [{ status: 401 }, 'the tool answered 401'],
      ['silent', 'the tool did not answer in time'],
      ['cut', 'the tool was not reached'],
      [{ raw: '<html>' }, "the tool's answer is not JSON"],
      [{ raw: `"${'x'.repeat(300_000)}"` }, "the tool's answer is too long"],
      [{ redirect: elsewhere.origin }, 'the tool was not reached'],
      [appointment(3, 'somebody.else@lead.example'), 'the answer is not the appointment asked for'],
    ] as const
    const id = await post('acuity', 'action=scheduled&id=2')
    for (const [at, [turn, reason]] of faults.entries()) {
      api.play(turn)
      await readEvent(service.ctx, id)
      expect(await stored(id)).toMatchObject({ status: 'pending', failures: at + 1, reason })
      expect((await runTick(service.ctx)).readings).toEqual([])
      await over(id)
    }
    expect(elsewhere.asked).toEqual([])
    await elsewhere.close()
    expect((await storyOf(service, email)).enrollments).toMatchObject([{ status: 'active' }])
    api.play(appointment(2, email))
    expect((await runTick(service.ctx)).readings).toEqual([{ id, attempt: faults.length + 1 }])
    await settle(service)
    expect(await stored(id)).toMatchObject({ status: 'applied' })
    expect((await storyOf(service, email)).enrollments).toMatchObject([{ status: 'stopped' }])
  })

  test('waits longer after each failure, is left to a person in the end, and can be replayed', async () => {
    const email = await newLead()
    api.play({ status: 500 })
    const id = await post('acuity', 'action=scheduled&id=4')
    const pauses: number[] = []
    for (let failures = 0; failures < 40; failures++) {
      const before = Date.now()
      await readEvent(service.ctx, id)
      pauses.push((await stored(id)).nextAttemptAt!.getTime() - before)
      await over(id)
    }
    expect(pauses[0]).toBeGreaterThan(1_000)
    expect(pauses[0]).toBeLessThan(8_000)
    expect(pauses[5]).toBeGreaterThan(10 * pauses[0]!)
    expect(Math.max(...pauses)).toBeLessThan(3_610_000)
    expect(await stored(id)).toMatchObject({ status: 'parked', reason: 'the tool answered 500' })
    expect((await runTick(service.ctx)).readings).toEqual([])
    api.play(appointment(4, email))
    expect(await reopenEvent(service.ctx.db, id)).toBe(true)
    await takeUpEvent(service.ctx, id)
    expect(await stored(id)).toMatchObject({ status: 'applied' })
  })

  test('is asked by one worker at a time', async () => {
    const email = await newLead()
    api.play(appointment(5, email))
    const id = await post('acuity', 'action=scheduled&id=5')
    await Promise.all(Array.from({ length: 6 }, () => readEvent(service.ctx, id)))
    expect(api.asked).toHaveLength(1)
    expect(await stored(id)).toMatchObject({ status: 'applied' })
  })

  test('that was cancelled or missed meanwhile: what stands now counts, and an unchanged one is read again', async () => {
    const email = await newLead()
    api.play(appointment(7, email))
    await post('acuity', 'action=scheduled&id=7')
    await settle(service)
    for (const [change, status] of [
      [{ canceled: true }, 'cancelled'],
      [{}, 'booked'],
      [{ noShow: true }, 'no-show'],
    ] as const) {
      service.clock.jumpTo(new Date(service.clock.now().getTime() + 1_000))
      api.play(appointment(7, email, change))
      await post('acuity', `action=changed&id=7&status=${status}`)
      await settle(service)
      expect((await storyOf(service, email)).bookings).toMatchObject([{ status }])
    }
  })

  test('that no longer has it: nothing happens', async () => {
    api.play({ status: 404 })
    const id = await post('acuity', 'action=scheduled&id=8')
    await settle(service)
    expect(await stored(id)).toMatchObject({ status: 'ignored', reason: 'the tool no longer has it' })
  })
})

describe('Square', () => {
  const event = (id: string, version: number, status: string) =>
    JSON.stringify({
      merchant_id: 'M1',
      type: version === 0 ? 'booking.created' : 'booking.updated',
      event_id: `${id}-${version}`,
      created_at: testStart.toISOString(),
      data: {
        object: { booking: { id, version, status, customer_id: 'CU1', start_at: '2026-03-09T15:00:00Z' } },
      },
    })

  test('names its customer, whose address finds the lead; a lower version than known changes nothing', async () => {
    const email = await newLead()
    api.play({ status: 200, body: { customer: { id: 'CU1', email_address: email } } })
    await post('square', event('B1', 2, 'ACCEPTED'))
    await settle(service)
    expect(api.asked).toEqual([{ path: '/v2/customers/CU1', authorization: 'Bearer token' }])
    await post('square', event('B1', 1, 'CANCELLED_BY_CUSTOMER'))
    await settle(service)
    const { enrollments, bookings } = await storyOf(service, email)
    expect(bookings).toMatchObject([{ status: 'booked', revision: 2 }])
    expect(enrollments).toMatchObject([{ sequence: 'back-spasms', status: 'stopped' }])
  })

  test('a customer that was deleted leaves the booking to be known by its id', async () => {
    api.play({ status: 404 })
    const id = await post('square', event('B2', 0, 'ACCEPTED'))
    await settle(service)
    expect(await stored(id)).toMatchObject({ status: 'applied', reason: 'no lead matches yet' })
  })
})

test('a tool without a key to ask it with is parked, with the reason', async () => {
  const body = '{"event_topic":"APPOINTMENT_BOOKED","appointment_id":5001}'
  const headers = {
    'x-jane-signature': `sha256=${hmacSha256('j', body).toString('hex')}`,
    'x-jane-timestamp': String(Math.floor(Date.now() / 1_000)),
  }
  expect((await send(service, '/hooks/bookings/jane', { headers, body })).status).toBe(200)
  await settle(service)
  const [row] = await service.ctx.db
    .select()
    .from(providerEvents)
    .orderBy(sql`id desc`)
    .limit(1)
  expect(row).toMatchObject({ provider: 'jane', status: 'parked', reason: 'no key to ask jane with' })
})

for (const backend of backends)
  test.skipIf(isMissing(backend))(
    `a tool that is silent does not hold up the tick, and is asked by the worker, on ${backend}`,
    async () => {
      await service.stop()
      await open(backend)
      const email = await newLead()
      api.play('silent', appointment(6, email))
      const id = await post('acuity', 'action=scheduled&id=6')
      const other = `beside-${people}@lead.example`
      await submitForm(service, { email: other })
      const worker = await service.startWorker()
      await expect
        .poll(async () => (await stored(id)).status, { timeout: 20_000, interval: 50 })
        .toBe('applied')
      await worker.close()
      expect(api.asked.length).toBe(2)
      expect((await storyOf(service, email)).enrollments).toMatchObject([{ status: 'stopped' }])
    },
  )
