import type { BookingAdapter, NoticeAdapter } from './adapter.ts'
import { acuity } from './adapters/acuity.ts'
import { calCom } from './adapters/cal-com.ts'
import { calendly } from './adapters/calendly.ts'
import { generic } from './adapters/generic.ts'
import { jane } from './adapters/jane.ts'
import { square } from './adapters/square.ts'

/** Every booking tool that can tell us of a booking. The key is what a source's row names. */
export const bookingAdapters = {
  calendly,
  'cal-com': calCom,
  acuity,
  square,
  jane,
  generic,
} as const satisfies Record<string, BookingAdapter | NoticeAdapter>

export type BookingAdapterKind = keyof typeof bookingAdapters
