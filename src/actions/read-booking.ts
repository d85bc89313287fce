import { mustAsk } from '../booking/adapter.ts'
import type { Context } from '../context.ts'
import type { BookingReading } from '../core/booking.ts'
import { Problem } from '../core/problem.ts'
import type { ProviderEvent } from '../store/events.ts'
import type { Asked, EventResult } from './receive-event.ts'
import { recordBooking } from './record-booking.ts'

/** Asks a tool whom and what its event was about, outside of any transaction. */
export async function readBooking(ctx: Context, event: ProviderEvent): Promise<Asked> {
  const reading = await readOf(ctx, event)
  if ('status' in reading) return { result: reading }
  if (reading.outcome === 'failed') return { failed: reading.reason }
  const { event: booking } = reading
  if (!booking) return { result: { status: 'ignored', reason: 'the tool no longer has it', leadId: null } }
  return { apply: (context, tx) => recordBooking(context, tx, { tool: event.provider, booking }) }
}

async function readOf(ctx: Context, event: ProviderEvent): Promise<BookingReading | EventResult> {
  const adapter = ctx.bookings[event.provider]
  const parked = (reason: string): EventResult => ({ status: 'parked', reason, leadId: null })
  if (!adapter || !mustAsk(adapter)) return parked(`no adapter for ${event.provider} that asks`)
  const request = { method: 'POST', url: '', headers: {}, body: event.body ?? Buffer.alloc(0) }
  try {
    const notice = adapter.notice(request)
    if (!notice) return { status: 'ignored', reason: 'none of our business', leadId: null }
    const reader = Object.hasOwn(ctx.bookingReaders, event.provider)
      ? ctx.bookingReaders[event.provider]
      : undefined
    return reader ? await reader.read(notice) : parked(`no key to ask ${event.provider} with`)
  } catch (error) {
    if (error instanceof Problem) return parked(error.message)
    throw error
  }
}
