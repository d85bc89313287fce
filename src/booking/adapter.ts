import type { BookingEvent, BookingNotice } from '../core/booking.ts'
import type { InboundRequest } from '../core/inbound-request.ts'

type Verifier = {
  /** As for a form: throws Problem `unauthorized` or `stale`. `now` is wall time. */
  verify(request: InboundRequest, secrets: readonly string[], now: Date): void
}

/** One booking tool: verifies a webhook and puts its event into the common form. */
export type BookingAdapter = Verifier & {
  /** Null for an event that is none of our business. Throws Problem `malformed` or `unmappable`. */
  read(request: InboundRequest): BookingEvent | null
}

/** A tool whose webhook names nobody: what it tells is a reason to ask the tool, which a `BookingReader` does. */
export type NoticeAdapter = Verifier & {
  /** As `read`. */
  notice(request: InboundRequest): BookingNotice | null
}

/** True for a tool that must be asked. */
export const mustAsk = (adapter: BookingAdapter | NoticeAdapter): adapter is NoticeAdapter =>
  'notice' in adapter
