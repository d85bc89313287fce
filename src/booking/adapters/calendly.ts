import { z } from 'zod'
import type { BookingEvent, BookingEventKind } from '../../core/booking.ts'
import { readJson, shaped } from '../../capture/body.ts'
import {
  headerPairs,
  hmacSha256,
  requireFresh,
  requireHeader,
  requireSignature,
  unixTime,
} from '../../capture/signature.ts'
import { normaliseEmail } from '../../capture/values/email.ts'
import { normalisePhone } from '../../capture/values/phone.ts'
import type { BookingAdapter } from '../adapter.ts'
import { idOf, tokenOf, when } from '../event.ts'

const threeMinutes = 3 * 60_000
const envelope = z.object({ event: z.string(), created_at: z.string(), payload: z.unknown().optional() })

/** What we keep of an invitee. `cancel_url` and `reschedule_url` are keys to the booking, so they are never read. */
const invitee = z.object({
  uri: z.string().min(1),
  invitee: z.string().min(1).nullish(),
  email: z.string().nullish(),
  text_reminder_number: z.string().nullish(),
  rescheduled: z.boolean().nullish(),
  old_invitee: z.string().nullish(),
  scheduled_event: z.object({ start_time: z.string().nullish(), end_time: z.string().nullish() }).nullish(),
  tracking: z.object({ utm_content: z.string().nullish(), salesforce_uuid: z.string().nullish() }).nullish(),
  /** `invitee` or `host`. */
  cancellation: z.object({ canceler_type: z.string().nullish() }).nullish().catch(null),
  no_show: z.object({ uri: z.string().nullish() }).nullish(),
})

/**
 * A reschedule comes as `canceled` for the old invitee and `created` for the new one, in any order. The second tells
 * it all (it names the old one), so the first is none of our business: nothing may look like a cancellation. A
 * no-show that is taken back makes the booking stand again.
 */
function kindOf(event: string, payload: z.infer<typeof invitee>): BookingEventKind | null {
  if (event === 'invitee.created') return payload.old_invitee ? 'rescheduled' : 'booked'
  if (event === 'invitee.canceled') return payload.rescheduled ? null : 'cancelled'
  if (event === 'invitee_no_show.created') return 'no-show'
  return event === 'invitee_no_show.deleted' ? 'booked' : null
}

function cancellerOf(type: string | null | undefined): Pick<BookingEvent, 'cancelledBy'> {
  if (type === 'host') return { cancelledBy: 'clinic' }
  return type === 'invitee' ? { cancelledBy: 'lead' } : {}
}

const events = ['invitee.created', 'invitee.canceled', 'invitee_no_show.created', 'invitee_no_show.deleted']

/**
 * Calendly (developer.calendly.com, webhook signatures): hex HMAC-SHA256 of `t.body`, tolerance 3 minutes. It sends no
 * delivery id, so event and invitee make one. Our token comes back in `utm_content`, or in `salesforce_uuid`.
 */
export const calendly: BookingAdapter = {
  verify(request, secrets, now) {
    const pairs = headerPairs(requireHeader(request, 'calendly-webhook-signature'))
    const timestamp = pairs.get('t')?.[0] ?? ''
    const signedAt = unixTime(timestamp, 'seconds')
    requireSignature(pairs.get('v1') ?? [], secrets, (secret) =>
      hmacSha256(secret, `${timestamp}.`, request.body).toString('hex'),
    )
    requireFresh(signedAt, now, threeMinutes)
  },
  read(request) {
    const { event, created_at, payload } = shaped(envelope, readJson(request), 'Calendly')
    if (!events.includes(event)) return null
    const one = shaped(z.object({ payload: invitee }), { payload }, 'Calendly').payload
    const kind = kindOf(event, one)
    if (kind === null) return null
    // A no-show names its invitee: some payloads are the invitee with `no_show` in it, some the no-show itself.
    const id = one.invitee ?? one.uri
    const noShow = event.startsWith('invitee_no_show') ? (one.no_show?.uri ?? one.uri) : undefined
    return {
      kind,
      externalId: idOf(id, 'payload.uri'),
      ...(one.old_invitee ? { previousExternalId: idOf(one.old_invitee, 'payload.old_invitee') } : {}),
      eventId: idOf([event, id, noShow].filter(Boolean).join(' '), 'payload.uri'),
      token: tokenOf(one.tracking?.utm_content, one.tracking?.salesforce_uuid),
      email: normaliseEmail(one.email ?? ''),
      phone: normalisePhone(one.text_reminder_number ?? ''),
      startsAt: when(one.scheduled_event?.start_time),
      endsAt: when(one.scheduled_event?.end_time),
      occurredAt: when(created_at, 'created_at'),
      ...(kind === 'cancelled' ? cancellerOf(one.cancellation?.canceler_type) : {}),
    }
  },
}
