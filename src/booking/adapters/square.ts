import { z } from 'zod'
import { readJson, shaped } from '../../capture/body.ts'
import { hmacSha256, requireHeader, requireSignature } from '../../capture/signature.ts'
import type { BookingEvent } from '../../core/booking.ts'
import type { NoticeAdapter } from '../adapter.ts'
import { askableId, idOf, when } from '../event.ts'

/** PENDING still needs a yes from the clinic, so it is not here. */
const newsOf: Readonly<Record<string, Pick<BookingEvent, 'kind' | 'cancelledBy'>>> = {
  ACCEPTED: { kind: 'booked' },
  CANCELLED_BY_CUSTOMER: { kind: 'cancelled', cancelledBy: 'lead' },
  CANCELLED_BY_SELLER: { kind: 'cancelled', cancelledBy: 'clinic' },
  DECLINED: { kind: 'cancelled', cancelledBy: 'clinic' },
  NO_SHOW: { kind: 'no-show' },
}

const envelope = z.object({ type: z.string() })
/** `customer_note` may tell of health: it is not read. */
const change = z.object({
  event_id: z.string().min(1),
  created_at: z.string(),
  data: z.object({
    object: z.object({
      booking: z.object({
        id: z.string().min(1),
        version: z.number().int().nonnegative().max(2_147_483_647).optional(),
        status: z.string(),
        customer_id: z.string().nullish(),
        start_at: z.string().nullish(),
      }),
    }),
  }),
})

/**
 * Square Appointments (developer.squareup.com, webhooks and Bookings API): base64 HMAC-SHA256 of the address as it was
 * registered, then the body. A booking names its customer by an id; who that is is read from Square.
 */
export const square: NoticeAdapter = {
  verify(request, secrets) {
    const given = requireHeader(request, 'x-square-hmacsha256-signature')
    requireSignature([given], secrets, (secret) =>
      hmacSha256(secret, request.url, request.body).toString('base64'),
    )
  },
  notice(request) {
    const body = readJson(request)
    const { type } = shaped(envelope, body, 'Square')
    if (type !== 'booking.created' && type !== 'booking.updated') return null
    const event = shaped(change, body, 'Square')
    const { booking } = event.data.object
    const news = Object.hasOwn(newsOf, booking.status) ? newsOf[booking.status] : undefined
    if (!news) return null
    return {
      id: booking.customer_id ? askableId(booking.customer_id, 'customer_id') : null,
      known: {
        ...news,
        externalId: idOf(booking.id, 'data.object.booking.id'),
        eventId: idOf(event.event_id, 'event_id'),
        token: null,
        email: null,
        phone: null,
        startsAt: when(booking.start_at),
        endsAt: null,
        occurredAt: when(event.created_at, 'created_at'),
        ...(booking.version === undefined ? {} : { revision: booking.version }),
      },
    }
  },
}
