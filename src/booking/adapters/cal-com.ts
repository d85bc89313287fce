import { z } from 'zod'
import type { BookingEvent, BookingEventKind } from '../../core/booking.ts'
import type { InboundRequest } from '../../core/inbound-request.ts'
import { Problem } from '../../core/problem.ts'
import { readJson, shaped } from '../../capture/body.ts'
import { fiveMinutes, hmacSha256, requireHeader, requireSignature } from '../../capture/signature.ts'
import { instant } from '../../capture/text.ts'
import { normaliseEmail } from '../../capture/values/email.ts'
import { normalisePhone } from '../../capture/values/phone.ts'
import type { BookingAdapter } from '../adapter.ts'
import { idOf, tokenOf, when } from '../event.ts'

const oneDay = 24 * 60 * 60_000

/** BOOKING_REQUESTED still needs a yes, and MEETING_ENDED, BOOKING_PAID and the like change nothing for us. */
const kinds: Readonly<Record<string, BookingEventKind>> = {
  BOOKING_CREATED: 'booked',
  BOOKING_RESCHEDULED: 'rescheduled',
  BOOKING_CANCELLED: 'cancelled',
}

const envelope = z.object({
  triggerEvent: z.string(),
  createdAt: z.string(),
  payload: z.unknown().optional(),
})
const answers = z.record(z.string(), z.unknown()).nullish()
const booking = z.object({
  uid: z.string().min(1),
  rescheduleUid: z.string().nullish(),
  status: z.string().nullish(),
  startTime: z.string().nullish(),
  endTime: z.string().nullish(),
  attendees: z
    .array(z.looseObject({ email: z.string().nullish(), phoneNumber: z.string().nullish() }))
    .nullish(),
  responses: answers,
  metadata: answers,
  /** The address of who cancelled. */
  cancelledBy: z.string().nullish().catch(null),
  organizer: z.looseObject({ email: z.string().nullish() }).nullish().catch(null),
})

/** Tells of attendees, and names the booking in another field than the others do. */
const attendance = z.object({
  bookingUid: z.string().min(1),
  attendees: z.array(z.object({ email: z.string().nullish(), noShow: z.boolean() })).min(1),
})

const answer = z.object({ value: z.unknown() })
const tokenKeys = ['token', 'enrollment', 'utm_content']

function cancellerOf(
  who: string | null | undefined,
  organizer: string | null | undefined,
  attendee: string | null | undefined,
): Pick<BookingEvent, 'cancelledBy'> {
  const is = (address: string | null | undefined) =>
    !!who && !!address && who.trim().toLowerCase() === address.trim().toLowerCase()
  if (is(attendee)) return { cancelledBy: 'lead' }
  return is(organizer) ? { cancelledBy: 'clinic' } : {}
}

/** Somebody was marked as having missed the call, or no longer is: then the booking stands again. */
function readAttendance({ payload, createdAt }: z.infer<typeof envelope>): BookingEvent {
  const one = shaped(z.object({ payload: attendance }), { payload }, 'Cal.com').payload
  const occurredAt = when(createdAt, 'createdAt')
  const [{ email, noShow }] = one.attendees as [(typeof one.attendees)[number]]
  return {
    kind: noShow ? 'no-show' : 'booked',
    externalId: idOf(one.bookingUid, 'payload.bookingUid'),
    eventId: idOf(`BOOKING_NO_SHOW_UPDATED ${one.bookingUid} ${createdAt}`, 'payload.bookingUid'),
    token: null,
    email: normaliseEmail(email ?? ''),
    phone: null,
    startsAt: null,
    endsAt: null,
    occurredAt,
  }
}

/** Refuses what was made long ago: the signature holds no time, but the body that it covers does. */
function requireRecent(createdAt: unknown, now: Date): void {
  const made = instant(createdAt)
  const age = made === null ? 0 : now.getTime() - Date.parse(made)
  if (age > oneDay || age < -fiveMinutes) throw new Problem('stale', 'The event is too old or too new.')
}

/** The body's own time, as far as there is one: what is wrong with the body is for `read` to say. */
function createdAtOf(request: InboundRequest): unknown {
  try {
    return z.object({ createdAt: z.unknown() }).safeParse(readJson(request)).data?.createdAt
  } catch {
    return undefined
  }
}

/**
 * Cal.com (cal.com/docs, webhooks; github.com/calcom/cal.com): hex HMAC-SHA256 of the body. A webhook without a
 * secret says `no-secret-provided`: refused. A reschedule brings a new `uid` and names the old one.
 */
export const calCom: BookingAdapter = {
  verify(request, secrets, now) {
    const given = requireHeader(request, 'x-cal-signature-256')
    if (given === 'no-secret-provided')
      throw new Problem('unauthorized', 'Set a secret in the Cal.com webhook.')
    requireSignature([given], secrets, (secret) => hmacSha256(secret, request.body).toString('hex'))
    requireRecent(createdAtOf(request), now)
  },
  read(request) {
    const event = shaped(envelope, readJson(request), 'Cal.com')
    if (event.triggerEvent === 'BOOKING_NO_SHOW_UPDATED') return readAttendance(event)
    const kind = Object.hasOwn(kinds, event.triggerEvent) ? kinds[event.triggerEvent] : undefined
    if (!kind) return null
    const one = shaped(z.object({ payload: booking }), event, 'Cal.com').payload
    // Created but not yet accepted: it may still be turned down.
    if (one.status === 'PENDING') return null
    const answered = (key: string) => answer.safeParse(one.responses?.[key]).data?.value
    const text = (...values: unknown[]) =>
      values.find((value) => typeof value === 'string' && value !== '') ?? ''
    const { email, phoneNumber } = one.attendees?.[0] ?? {}
    return {
      kind,
      externalId: idOf(one.uid, 'payload.uid'),
      ...(one.rescheduleUid ? { previousExternalId: idOf(one.rescheduleUid, 'payload.rescheduleUid') } : {}),
      eventId: idOf(`${event.triggerEvent} ${one.uid} ${event.createdAt}`, 'payload.uid'),
      token: tokenOf(...tokenKeys.flatMap((key) => [one.metadata?.[key], answered(key)])),
      email: normaliseEmail(String(text(email, answered('email')))),
      phone: normalisePhone(String(text(phoneNumber, answered('attendeePhoneNumber')))),
      startsAt: when(one.startTime),
      endsAt: when(one.endTime),
      occurredAt: when(event.createdAt, 'createdAt'),
      ...(kind === 'cancelled' ? cancellerOf(one.cancelledBy, one.organizer?.email, email) : {}),
    }
  },
}
