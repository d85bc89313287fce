import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { bookingAdapters } from '../../src/booking/index.ts'
import { post, problemOf, refusal } from '../capture/request.ts'

const { calendly } = bookingAdapters
const uri = 'https://api.calendly.com/scheduled_events/E1/invitees/I1'
const old = 'https://api.calendly.com/scheduled_events/E0/invitees/I0'

/** A sample request, from the provider's documented field names. */
const payload = {
  uri,
  email: 'pat@example.com',
  name: 'Pat Lee',
  first_name: null,
  last_name: null,
  status: 'active',
  timezone: 'America/New_York',
  event: 'https://api.calendly.com/scheduled_events/E1',
  scheduled_event: {
    uri: 'https://api.calendly.com/scheduled_events/E1',
    name: 'First visit',
    status: 'active',
    start_time: '2026-11-30T15:00:00.000000Z',
    end_time: '2026-11-30T15:45:00.000000Z',
  },
  tracking: {
    utm_campaign: null,
    utm_source: 'nurture',
    utm_medium: 'email',
    utm_content: 'enr_7f3a',
    utm_term: null,
    salesforce_uuid: null,
  },
  questions_and_answers: [],
  rescheduled: false,
  old_invitee: null,
  new_invitee: null,
  cancel_url: 'https://calendly.com/cancellations/I1',
  reschedule_url: 'https://calendly.com/reschedulings/I1',
}
const read = (event: string, changed: object = {}) =>
  calendly.read(
    post(
      JSON.stringify({
        event,
        created_at: '2026-11-22T10:05:00.000000Z',
        payload: { ...payload, ...changed },
      }),
    ),
  )

describe('verify', () => {
  const body = '{"email":"pat@example.com"}'
  const signedAt = new Date(1_767_225_600_000)
  const v1 = '0fd4041906e9b94dbab081c3a8f34ffbaa89cc695de120784b7940456f32f26e'
  const good = `t=1767225600,v1=${v1}`
  const verdict = (
    header: string | null,
    secrets = ['demo-secret'],
    now = signedAt,
    text: string | Uint8Array = body,
  ) =>
    refusal(() =>
      calendly.verify(
        post(text, header === null ? {} : { 'calendly-webhook-signature': header }),
        secrets,
        now,
      ),
    )
  const off = (ms: number) => new Date(signedAt.getTime() + ms)

  it('passes the vector, also as the second secret or the second signature', async () => {
    expect(await verdict(good)).toBe('passed')
    expect(await verdict(good, ['new', 'demo-secret'])).toBe('passed')
    expect(await verdict(`t=1767225600,v1=${'0'.repeat(64)},v1=${v1}`)).toBe('passed')
  })

  it('holds to three minutes, either way', async () => {
    expect(await verdict(good, undefined, off(180_000))).toBe('passed')
    expect(await verdict(good, undefined, off(180_001))).toBe('stale')
    expect(await verdict(good, undefined, off(-180_000))).toBe('passed')
    expect(await verdict(good, undefined, off(-180_001))).toBe('stale')
  })

  it('fails with another time, secret or body, or with parts missing', async () => {
    for (const header of [
      null,
      '',
      v1,
      `v1=${v1}`,
      't=1767225600',
      `t=,v1=${v1}`,
      `t=1767225601,v1=${v1}`,
      good.toUpperCase(),
    ]) {
      expect(await verdict(header), String(header)).toBe('unauthorized')
    }
    for (const secrets of [[], [''], ['demo-secre']])
      expect(await verdict(good, secrets)).toBe('unauthorized')
    expect(await verdict(good, undefined, undefined, '{"email": "pat@example.com"}')).toBe('unauthorized')
    for (let at = 0; at < body.length; at += 1) {
      const flipped = new TextEncoder().encode(body).map((byte, index) => (index === at ? byte ^ 1 : byte))
      expect(await verdict(good, undefined, undefined, flipped)).toBe('unauthorized')
    }
  })

  it('does not let an empty secret sign', async () => {
    const forged = createHmac('sha256', '').update(`1767225600.${body}`).digest('hex')
    expect(await verdict(`t=1767225600,v1=${forged}`, [''])).toBe('unauthorized')
  })
})

describe('read', () => {
  it('reads a booking', () => {
    expect(read('invitee.created')).toEqual({
      kind: 'booked',
      externalId: uri,
      eventId: `invitee.created ${uri}`,
      token: 'enr_7f3a',
      email: 'pat@example.com',
      phone: null,
      startsAt: '2026-11-30T15:00:00.000Z',
      endsAt: '2026-11-30T15:45:00.000Z',
      occurredAt: '2026-11-22T10:05:00.000Z',
    })
  })

  it('keeps no link that can cancel or move the booking', () => {
    expect(JSON.stringify(read('invitee.created'))).not.toMatch(/cancellations|reschedulings/)
  })

  it('takes both halves of a reschedule for one, and none for a cancellation', () => {
    expect(read('invitee.created', { old_invitee: old })).toMatchObject({
      kind: 'rescheduled',
      externalId: uri,
      previousExternalId: old,
    })
    expect(read('invitee.canceled', { uri: old, rescheduled: true, new_invitee: uri })).toBeNull()
  })

  it('reads a real cancellation', () => {
    expect(read('invitee.canceled', { cancellation: { reason: 'moved away' } })).toMatchObject({
      kind: 'cancelled',
      externalId: uri,
    })
  })

  it('reads a no-show in either shape, and one taken back as booked again, each an event of its own', () => {
    const within = read('invitee_no_show.created', { no_show: { uri: 'no-show-1' } })
    expect(within).toMatchObject({ kind: 'no-show', externalId: uri })
    expect(read('invitee_no_show.created', { uri: 'no-show-1', invitee: uri })).toEqual(within)
    expect(read('invitee_no_show.deleted', { no_show: { uri: 'no-show-1' } })).toMatchObject({
      kind: 'booked',
      externalId: uri,
    })
    expect(read('invitee_no_show.created', { no_show: { uri: 'no-show-2' } })?.eventId).not.toBe(
      within?.eventId,
    )
  })

  it('finds the token in salesforce_uuid too, the phone among the reminders, and does without any', () => {
    const tracking = { utm_content: null, salesforce_uuid: 'tok' }
    expect(read('invitee.created', { tracking, text_reminder_number: '+1 610-555-0100' })).toMatchObject({
      token: 'tok',
      phone: '+16105550100',
    })
    const bare = { tracking: null, scheduled_event: null, email: 'not an address' }
    expect(read('invitee.created', bare)).toMatchObject({
      token: null,
      email: null,
      startsAt: null,
      endsAt: null,
    })
  })

  it('is not concerned with other events', () => {
    expect(read('routing_form_submission.created', { uri: 5 })).toBeNull()
    expect(read('toString')).toBeNull()
  })

  it('says where a body differs', async () => {
    const fault = async (body: string) => {
      const { code, fields } = await problemOf(() => calendly.read(post(body)))
      return [code, fields[0]?.field]
    }
    expect(await fault('{')).toEqual(['malformed', undefined])
    expect(await fault('[]')).toEqual(['unmappable', 'body'])
    expect(await fault('{"event":"invitee.created","created_at":"2026-11-22T10:05:00Z"}')).toEqual([
      'unmappable',
      'payload',
    ])
    const noUri = {
      event: 'invitee.created',
      created_at: '2026-11-22T10:05:00Z',
      payload: { ...payload, uri: 7 },
    }
    expect(await fault(JSON.stringify(noUri))).toEqual(['unmappable', 'payload.uri'])
    expect(await fault(JSON.stringify({ ...noUri, created_at: 'soon', payload }))).toEqual([
      'unmappable',
      'created_at',
    ])
  })
})
