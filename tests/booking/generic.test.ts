import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BookingAdapter, mustAsk, type NoticeAdapter } from '../../src/booking/adapter.ts'
import { bookingAdapters } from '../../src/booking/index.ts'
import type { BookingAdapterKind } from '../../src/booking/index.ts'
import { signedRequest } from '../../src/demo/providers.ts'
import { post, problemOf, refusal } from '../capture/request.ts'

const { generic } = bookingAdapters
const secret = `whsec_${Buffer.from('a key of thirty-two bytes or more').toString('base64')}`
const now = new Date('2026-11-22T10:05:00Z')
const data = {
  id: 'b-1',
  email: 'Pat@Example.com',
  phone: '610-555-0100',
  token: 'tok',
  starts_at: '2026-11-30T10:00:00-05:00',
  ends_at: '2026-11-30T15:45:00Z',
  occurred_at: '2026-11-22T10:04:00Z',
}
const sent = (type: string, fields: unknown = data, rest: object = {}) => {
  const { body, headers } = signedRequest('standard-webhooks', { type, ...rest, data: fields }, secret, now)
  return post(body, headers)
}

it('verifies by Standard Webhooks', async () => {
  const request = sent('booking.booked')
  expect(await refusal(() => generic.verify(request, ['whsec_b3RoZXI=', secret], now))).toBe('passed')
  expect(await refusal(() => generic.verify(request, [], now))).toBe('unauthorized')
  expect(await refusal(() => generic.verify(request, [secret], new Date(now.getTime() + 300_001)))).toBe(
    'stale',
  )
  expect(await refusal(() => generic.verify({ ...request, body: new Uint8Array() }, [secret], now))).toBe(
    'unauthorized',
  )
})

it('reads an event', () => {
  const request = sent('booking.booked')
  expect(generic.read(request)).toEqual({
    kind: 'booked',
    externalId: 'b-1',
    eventId: request.headers['webhook-id'],
    token: 'tok',
    email: 'Pat@example.com',
    phone: '+16105550100',
    startsAt: '2026-11-30T15:00:00.000Z',
    endsAt: '2026-11-30T15:45:00.000Z',
    occurredAt: '2026-11-22T10:04:00.000Z',
  })
})

it.each([
  ['booking.rescheduled', 'rescheduled'],
  ['booking.cancelled', 'cancelled'],
  ['booking.no_show', 'no-show'],
])('reads %s as %s', (type, kind) => {
  expect(generic.read(sent(type))?.kind).toBe(kind)
})

it('is not concerned with other events', () => {
  for (const type of ['booking.paid', 'valueOf', '']) expect(generic.read(sent(type, null))).toBeNull()
})

it('needs an id and a time, and no more', async () => {
  const { occurred_at, ...rest } = data
  expect(generic.read(sent('booking.booked', { id: 7, occurred_at }))).toMatchObject({
    externalId: '7',
    email: null,
    phone: null,
    token: null,
  })
  expect(generic.read(sent('booking.booked', rest, { timestamp: occurred_at }))?.occurredAt).toBe(
    '2026-11-22T10:04:00.000Z',
  )
  const fault = async (fields: unknown) =>
    (await problemOf(() => generic.read(sent('booking.booked', fields)))).fields[0]?.field
  expect(await fault(rest)).toBe('data.occurred_at')
  expect(await fault({ occurred_at })).toBe('data.id')
  expect(await fault({ id: '', occurred_at })).toBe('data.id')
  expect(await fault({ id: 'x'.repeat(1001), occurred_at })).toBe('data.id')
  // Read as the same number as the one before it.
  expect(await fault({ id: 2 ** 53, occurred_at })).toBe('data.id')
  expect(generic.read(sent('booking.booked', { id: 2 ** 53 - 1, occurred_at }))?.externalId).toBe(
    '9007199254740991',
  )
  expect(generic.read(sent('booking.booked', { id: '9007199254740993', occurred_at }))?.externalId).toBe(
    '9007199254740993',
  )
  expect(await fault(null)).toBe('data')
})

it('takes no token that could not have been in a link', () => {
  for (const token of ['a b', 'a\u0000b', 'ü', '', 'x'.repeat(1001)])
    expect(generic.read(sent('booking.booked', { ...data, token }))?.token).toBeNull()
})

function readBy(kind: BookingAdapterKind, body: string): unknown {
  const adapter: BookingAdapter | NoticeAdapter = bookingAdapters[kind]
  return mustAsk(adapter) ? adapter.notice(post(body)) : adapter.read(post(body))
}

describe.each(Object.keys(bookingAdapters) as BookingAdapterKind[])('%s', (kind) => {
  it('throws nothing but a Problem, whatever is sent', async () => {
    const names = [
      'invitee.created',
      'BOOKING_CREATED',
      'booking.booked',
      'booking.created',
      'APPOINTMENT_BOOKED',
    ]
    const inner = fc.dictionary(
      fc.constantFrom(
        'uri',
        'uid',
        'id',
        'email',
        'tracking',
        'attendees',
        'metadata',
        'responses',
        'starts_at',
      ),
      fc.jsonValue(),
    )
    const event = fc.record({
      event: fc.constantFrom(...names),
      triggerEvent: fc.constantFrom(...names),
      type: fc.constantFrom(...names),
      event_topic: fc.constantFrom(...names),
      created_at: fc.oneof(fc.constant('2026-11-22T10:05:00Z'), fc.string()),
      createdAt: fc.oneof(fc.constant('2026-11-22T10:05:00Z'), fc.string()),
      timestamp: fc.constant('2026-11-22T10:05:00Z'),
      payload: fc.oneof(inner, fc.jsonValue()),
      data: fc.oneof(inner, fc.jsonValue()),
    })
    const bodies = fc.oneof(
      event.map((value) => JSON.stringify(value)),
      fc.json(),
      fc.string(),
      fc.string().map((id) => `action=scheduled&id=${id}`),
    )
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const verdict = await refusal(() => readBy(kind, body))
        seen.add(verdict)
        expect(['passed', 'malformed', 'unmappable']).toContain(verdict)
      }),
      { numRuns: 1000 },
    )
    // Any bytes are some urlencoded form, so Acuity's cannot be malformed.
    expect(seen.size).toBe(kind === 'acuity' ? 2 : 3)
  })
})
