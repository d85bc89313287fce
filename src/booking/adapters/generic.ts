import { z } from 'zod'
import { type BookingEventKind, cancellers } from '../../core/booking.ts'
import { readJson, shaped } from '../../capture/body.ts'
import { verifyStandardWebhook } from '../../capture/standard-webhook.ts'
import { idText } from '../../capture/text.ts'
import { normaliseEmail } from '../../capture/values/email.ts'
import { normalisePhone } from '../../capture/values/phone.ts'
import type { BookingAdapter } from '../adapter.ts'
import { idOf, tokenOf, when } from '../event.ts'

const kinds: Readonly<Record<string, BookingEventKind>> = {
  'booking.booked': 'booked',
  'booking.rescheduled': 'rescheduled',
  'booking.cancelled': 'cancelled',
  'booking.no_show': 'no-show',
}

const envelope = z.object({
  type: z.string(),
  timestamp: z.string().optional(),
  data: z.unknown().optional(),
})
const data = z.object({
  id: z.union([z.string().min(1), z.number()]),
  email: z.string().nullish(),
  phone: z.string().nullish(),
  token: z.string().nullish(),
  starts_at: z.string().nullish(),
  ends_at: z.string().nullish(),
  occurred_at: z.string().nullish(),
  cancelled_by: z.enum(cancellers).nullish(),
})

/** Any tool, or script, that can sign by Standard Webhooks and send our own few fields. */
export const generic: BookingAdapter = {
  verify(request, secrets, now) {
    verifyStandardWebhook(request, secrets, now)
  },
  read(request) {
    const event = shaped(envelope, readJson(request), 'a generic booking source')
    const kind = Object.hasOwn(kinds, event.type) ? kinds[event.type] : undefined
    if (!kind) return null
    const booking = shaped(z.object({ data }), event, 'a generic booking source').data
    const occurredAt = when(booking.occurred_at ?? event.timestamp, 'data.occurred_at')
    const externalId = idOf(booking.id, 'data.id')
    return {
      kind,
      externalId,
      eventId:
        idText(request.headers['webhook-id']) ?? idOf(`${kind} ${externalId} ${occurredAt}`, 'data.id'),
      token: tokenOf(booking.token),
      email: normaliseEmail(booking.email ?? ''),
      phone: normalisePhone(booking.phone ?? ''),
      startsAt: when(booking.starts_at),
      endsAt: when(booking.ends_at),
      occurredAt,
      ...(kind === 'cancelled' && booking.cancelled_by ? { cancelledBy: booking.cancelled_by } : {}),
    }
  },
}
