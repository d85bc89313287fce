import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { bookingAdapters } from '../../src/booking/index.ts'
import { post, problemOf, refusal } from '../capture/request.ts'

const calCom = bookingAdapters['cal-com']

/** A sample request, from the provider's documented field names. */
const payload = {
  type: 'first-visit',
  title: 'First visit',
  startTime: '2026-11-30T15:00:00Z',
  endTime: '2026-11-30T15:45:00Z',
  organizer: { name: 'Front desk', email: 'desk@clinic.example', timeZone: 'America/New_York' },
  attendees: [
    { email: 'pat@example.com', name: 'Pat Lee', timeZone: 'America/New_York', language: { locale: 'en' } },
  ],
  responses: { email: { label: 'email_address', value: 'pat@example.com' } },
  uid: 'uid-demo-1',
  bookingId: 91,
  eventTypeId: 7,
  status: 'ACCEPTED',
  metadata: { enrollment: 'enr_7f3a' },
}
const bodyOf = (triggerEvent: string, changed: object = {}) =>
  JSON.stringify({ triggerEvent, createdAt: '2026-11-22T10:05:00.000Z', payload: { ...payload, ...changed } })
const read = (triggerEvent: string, changed: object = {}) => calCom.read(post(bodyOf(triggerEvent, changed)))

describe('verify', () => {
  const body = '{"email":"pat@example.com"}'
  const vector = '2e21e4bf7d00ec909fc226b9a8441190144b69b15a37ee5e69383c89f0ca6e64'
  const now = new Date('2026-11-22T10:06:00Z')
  const verdict = (header: string | null, secrets = ['demo-secret'], text = body, at = now) =>
    refusal(() =>
      calCom.verify(post(text, header === null ? {} : { 'x-cal-signature-256': header }), secrets, at),
    )

  it('passes the vector, also as the second secret', async () => {
    expect(await verdict(vector)).toBe('passed')
    expect(await verdict(vector, ['new', 'demo-secret'])).toBe('passed')
  })

  it('fails without signature or secret, and with another', async () => {
    for (const header of [null, '', 'no-secret-provided', vector.slice(1), `0${vector.slice(1)}`]) {
      expect(await verdict(header), String(header)).toBe('unauthorized')
    }
    for (const secrets of [[], [''], ['no-secret-provided'], ['demo']])
      expect(await verdict(vector, secrets)).toBe('unauthorized')
    expect(await verdict(vector, undefined, `${body} `)).toBe('unauthorized')
    // Even a secret that happens to be that text opens nothing to a webhook that has none.
    expect(await verdict('no-secret-provided', ['no-secret-provided'])).toBe('unauthorized')
  })

  it('refuses an event made more than a day ago, or in the future', async () => {
    const text = bodyOf('BOOKING_CREATED')
    const signed = createHmac('sha256', 'demo-secret').update(text).digest('hex')
    const at = (iso: string) => verdict(signed, undefined, text, new Date(iso))
    expect(await at('2026-11-23T10:05:00.000Z')).toBe('passed')
    expect(await at('2026-11-23T10:05:00.001Z')).toBe('stale')
    expect(await at('2026-11-22T10:00:00.000Z')).toBe('passed')
    expect(await at('2026-11-22T09:59:59.999Z')).toBe('stale')
  })

  it('leaves a body that cannot be read to read', async () => {
    const signed = createHmac('sha256', 'demo-secret').update('{').digest('hex')
    expect(await verdict(signed, undefined, '{')).toBe('passed')
  })
})

describe('read', () => {
  it('reads a booking', () => {
    expect(read('BOOKING_CREATED')).toEqual({
      kind: 'booked',
      externalId: 'uid-demo-1',
      eventId: 'BOOKING_CREATED uid-demo-1 2026-11-22T10:05:00.000Z',
      token: 'enr_7f3a',
      email: 'pat@example.com',
      phone: null,
      startsAt: '2026-11-30T15:00:00.000Z',
      endsAt: '2026-11-30T15:45:00.000Z',
      occurredAt: '2026-11-22T10:05:00.000Z',
    })
  })

  it('ties a reschedule to the booking it replaces, and reads a cancellation', () => {
    expect(read('BOOKING_RESCHEDULED', { uid: 'uid-2', rescheduleUid: 'uid-demo-1' })).toMatchObject({
      kind: 'rescheduled',
      externalId: 'uid-2',
      previousExternalId: 'uid-demo-1',
    })
    expect(read('BOOKING_CANCELLED', { status: 'CANCELLED' })).toMatchObject({
      kind: 'cancelled',
      externalId: 'uid-demo-1',
    })
  })

  it('finds address and token among the responses', () => {
    const responses = { email: { value: 'sam@example.com' }, token: { value: 'tok' } }
    expect(read('BOOKING_CREATED', { attendees: [], metadata: {}, responses })).toMatchObject({
      email: 'sam@example.com',
      token: 'tok',
    })
  })

  it('reads who missed a call, and who did not after all', () => {
    const event = (noShow: boolean, changes = {}) =>
      JSON.stringify({
        triggerEvent: 'BOOKING_NO_SHOW_UPDATED',
        createdAt: '2026-11-30T15:20:00.000Z',
        payload: {
          message: 'pat@example.com marked as no-show',
          bookingUid: 'uid-demo-1',
          bookingId: 7,
          attendees: [{ email: 'Pat@example.com', noShow }],
          ...changes,
        },
      })
    const missed = calCom.read(post(event(true)))
    expect(missed).toMatchObject({
      kind: 'no-show',
      externalId: 'uid-demo-1',
      email: 'Pat@example.com',
      startsAt: null,
      occurredAt: '2026-11-30T15:20:00.000Z',
    })
    expect(calCom.read(post(event(false)))).toMatchObject({ kind: 'booked', externalId: 'uid-demo-1' })
  })

  it('does not count what still needs a yes, nor other events', () => {
    expect(read('BOOKING_CREATED', { status: 'PENDING' })).toBeNull()
    for (const event of ['BOOKING_REQUESTED', 'BOOKING_REJECTED', 'MEETING_ENDED', 'PING', 'constructor'])
      expect(read(event)).toBeNull()
  })

  it('says where a body differs', async () => {
    const fault = async (body: string) => (await problemOf(() => calCom.read(post(body)))).fields[0]?.field
    expect((await problemOf(() => calCom.read(post('nope')))).code).toBe('malformed')
    expect(await fault(bodyOf('BOOKING_CREATED', { uid: '' }))).toBe('payload.uid')
    expect(await fault('{"triggerEvent":"BOOKING_CREATED"}')).toBe('createdAt')
    const attendance = { triggerEvent: 'BOOKING_NO_SHOW_UPDATED', createdAt: '2026-11-30T15:20:00.000Z' }
    for (const [told, field] of [
      [{ attendees: [{ noShow: true }] }, 'payload.bookingUid'],
      [{ bookingUid: 'u', attendees: [] }, 'payload.attendees'],
      [{ bookingUid: 'u', attendees: [{ noShow: 'yes' }] }, 'payload.attendees.0.noShow'],
    ] as const)
      expect(await fault(JSON.stringify({ ...attendance, payload: told }))).toBe(field)
  })
})
