import type { BookingAdapter } from './adapter.ts'
import { calCom } from './adapters/cal-com.ts'
import { calendly } from './adapters/calendly.ts'
import { generic } from './adapters/generic.ts'

/** Every booking tool that can tell us of a booking. The key is what a source's row names. */
export const bookingAdapters = {
  calendly,
  'cal-com': calCom,
  generic,
} as const satisfies Record<string, BookingAdapter>

export type BookingAdapterKind = keyof typeof bookingAdapters
