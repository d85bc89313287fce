import { mustAsk } from '../booking/adapter.ts'
import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import type { Db } from '../store/db.ts'
import type { ProviderEvent } from '../store/events.ts'
import type { EventResult } from './receive-event.ts'
import { recordBooking } from './record-booking.ts'

/** Applies one event of a booking tool: its raw body is read again by the tool's adapter. */
export async function applyBookingEvent(ctx: Context, tx: Db, event: ProviderEvent): Promise<EventResult> {
  const adapter = ctx.bookings[event.provider]
  if (!adapter || mustAsk(adapter))
    return { status: 'parked', reason: `no booking adapter ${event.provider}`, leadId: null }
  try {
    const booking = adapter.read({
      method: 'POST',
      url: '',
      headers: {},
      body: event.body ?? Buffer.alloc(0),
    })
    if (!booking) return { status: 'ignored', reason: 'none of our business', leadId: null }
    return await recordBooking(ctx, tx, { tool: event.provider, booking })
  } catch (error) {
    if (error instanceof Problem) return { status: 'parked', reason: error.message, leadId: null }
    throw error
  }
}
