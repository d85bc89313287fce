import { describe, expect, it } from 'vitest'
import type { InboundRequest } from '../../src/core/inbound-request.ts'
import { bookingAdapters } from '../../src/booking/index.ts'
import { hmacSha256 } from '../../src/capture/signature.ts'
import { post, problemOf, refusal } from '../capture/request.ts'

const { acuity, square, jane } = bookingAdapters
const now = new Date('2026-11-22T10:05:00Z')
// The reference's vectors: one key, one body, one signature for each scheme.
const key = 'demo-secret'
const vector = '{"email":"pat@example.com"}'
const url = 'https://hooks.example.com/in/square'

const flipped = (request: InboundRequest): InboundRequest => {
  const body = Uint8Array.from(request.body)
  body[5]! ^= 1
  return { ...request, body }
}

describe('Acuity', () => {
  const signed = post(vector, { 'x-acuity-signature': 'LiHkv30A7JCfwia5qEQRkBRLabFaN+5eaTg8ifDKbmQ=' })
  const read = (body: string) => acuity.notice(post(body))

  it('verifies as its documents say', async () => {
    expect(await refusal(() => acuity.verify(signed, ['other', key], now))).toBe('passed')
    expect(await refusal(() => acuity.verify(flipped(signed), [key], now))).toBe('unauthorized')
    expect(await refusal(() => acuity.verify(post(vector), [key], now))).toBe('unauthorized')
    expect(await refusal(() => acuity.verify(signed, [''], now))).toBe('unauthorized')
  })

  it('names the appointment that is to be read, for static hooks and for those made by API', () => {
    const notice = { id: '900001', known: null }
    for (const action of ['scheduled', 'rescheduled', 'canceled', 'changed', 'appointment.scheduled'])
      expect(read(`action=${action}&id=900001&calendarID=11&appointmentTypeID=22`)).toEqual(notice)
    for (const body of ['action=order.completed&id=1', '', 'id=1']) expect(read(body)).toBeNull()
  })

  it('takes no id that could lead a question elsewhere', async () => {
    for (const id of ['', '..%2F..%2Fme', '1%3Fx', 'https%3A%2F%2Fevil.test', `${'9'.repeat(201)}`])
      expect((await problemOf(() => read(`action=scheduled&id=${id}`))).code).toBe('unmappable')
  })
})

describe('Square', () => {
  const headers = { 'x-square-hmacsha256-signature': 'PI+l8Qoa6+MroPyvtDkWdA0EREpQwppkt5DZoL9bw/U=' }
  const signed = { ...post(vector, headers), url }
  const event = {
    merchant_id: 'M1',
    type: 'booking.created',
    event_id: '6a000000-0000-4000-8000-0000000000e1',
    created_at: '2026-11-22T10:05:00Z',
  }
  const booking = {
    id: 'B1',
    version: 0,
    status: 'ACCEPTED',
    customer_id: 'CU1',
    start_at: '2026-11-30T15:00:00Z',
    customer_note: 'my back',
  }
  const read = (change: object = {}, rest: object = {}) => {
    const data = { type: 'booking', id: 'B1:0', object: { booking: { ...booking, ...change } } }
    return square.notice(post(JSON.stringify({ ...event, data, ...rest })))
  }

  it('verifies over its address and its body', async () => {
    expect(await refusal(() => square.verify(signed, ['other', key], now))).toBe('passed')
    expect(await refusal(() => square.verify(flipped(signed), [key], now))).toBe('unauthorized')
    expect(await refusal(() => square.verify({ ...signed, url: `${url}/` }, [key], now))).toBe('unauthorized')
    expect(await refusal(() => square.verify({ ...signed, headers: {} }, [key], now))).toBe('unauthorized')
  })

  it('tells all but the person, whom it names by an id', () => {
    const notice = read()
    expect(notice).toEqual({
      id: 'CU1',
      known: {
        kind: 'booked',
        externalId: 'B1',
        eventId: event.event_id,
        token: null,
        email: null,
        phone: null,
        startsAt: '2026-11-30T15:00:00.000Z',
        endsAt: null,
        occurredAt: '2026-11-22T10:05:00.000Z',
        revision: 0,
      },
    })
    expect(JSON.stringify(notice)).not.toContain('back')
    expect(read({ customer_id: null })?.id).toBeNull()
  })

  it('reads what changed from the status, and who cancelled', () => {
    const updated = { type: 'booking.updated' }
    expect(read({ status: 'CANCELLED_BY_CUSTOMER' }, updated)?.known).toMatchObject({
      kind: 'cancelled',
      cancelledBy: 'lead',
    })
    for (const status of ['CANCELLED_BY_SELLER', 'DECLINED'])
      expect(read({ status }, updated)?.known).toMatchObject({ kind: 'cancelled', cancelledBy: 'clinic' })
    expect(read({ status: 'NO_SHOW' }, updated)?.known?.kind).toBe('no-show')
    for (const status of ['PENDING', 'toString', '']) expect(read({ status }, updated)).toBeNull()
    expect(read({}, { type: 'payment.created' })).toBeNull()
  })

  it('says where a body differs', async () => {
    expect((await problemOf(() => read({ customer_id: '../orders' }))).fields[0]?.field).toBe('customer_id')
    expect((await problemOf(() => read({ id: 5 }))).fields[0]?.field).toBe('data.object.booking.id')
  })
})

describe('Jane', () => {
  const body = '{"event_topic":"APPOINTMENT_BOOKED","appointment_id":5001}'
  const time = String(now.getTime() / 1_000)
  const request = (signature: string, timestamp = time) =>
    post(body, { 'x-jane-signature': `sha256=${signature}`, 'x-jane-timestamp': timestamp })
  const overBody = hmacSha256(key, body).toString('hex')

  it('verifies either way of signing, and refuses what is old', async () => {
    const overBoth = hmacSha256(key, `${time}.`, body).toString('hex')
    for (const signature of [overBody, overBoth])
      expect(await refusal(() => jane.verify(request(signature), [key], now))).toBe('passed')
    expect(await refusal(() => jane.verify(request(overBody, now.toISOString()), [key], now))).toBe('passed')
    expect(await refusal(() => jane.verify(request('0'.repeat(64)), [key], now))).toBe('unauthorized')
    expect(await refusal(() => jane.verify(request(overBody), [], now))).toBe('unauthorized')
    const later = new Date(now.getTime() + 300_001)
    expect(await refusal(() => jane.verify(request(overBody), [key], later))).toBe('stale')
  })

  it('names the appointment', async () => {
    expect(jane.notice(post(body))).toEqual({ id: '5001', known: null })
    const inexact = '{"event_topic":"APPOINTMENT_BOOKED","appointment_id":9007199254740993}'
    expect(await refusal(() => jane.notice(post(inexact)))).toBe('unmappable')
    expect(jane.notice(post('{"event_topic":"PATIENT_UPDATED"}'))).toBeNull()
  })
})
