import type { InboundRequest } from '../core/inbound-request.ts'
import type { BookingEvent } from '../core/booking.ts'

/** One booking tool: verifies a webhook and puts its event into the common form. */
export type BookingAdapter = {
  /** As for a form: throws Problem `unauthorized` or `stale`. `now` is wall time. */
  verify(request: InboundRequest, secrets: readonly string[], now: Date): void
  /** Null for an event that is none of our business. Throws Problem `malformed` or `unmappable`. */
  read(request: InboundRequest): BookingEvent | null
}
