import { mustAsk } from '../booking/adapter.ts'
import type { Context } from '../context.ts'
import type { BookingReading } from '../core/booking.ts'
import { Problem } from '../core/problem.ts'
import type { Db } from '../store/db.ts'
import { countEventFailure, type ProviderEvent, takeEvent } from '../store/events.ts'
import { readLeaseMs, readLimit, readPauseMs } from './reading-pace.ts'
import type { EventResult } from './receive-event.ts'
import { recordBooking } from './record-booking.ts'

/**
 * Asks a tool whom and what its event was about, outside of any transaction, and returns what applies the answer.
 * Null when there is nothing to apply now: another worker has it, or the tool did not answer and is asked again later.
 * After many failures in a row, or where the tool cannot be asked at all, the event is parked with the reason.
 */
export async function readBooking(
  ctx: Context,
  eventId: string,
): Promise<((ctx: Context, tx: Db) => Promise<EventResult>) | null> {
  const event = await takeEvent(ctx.db, eventId, readLeaseMs)
  if (!event) return null
  const reading = await readOf(ctx, event)
  if ('status' in reading) return async () => reading
  if (reading.outcome === 'failed') {
    const failures = event.failures + 1
    ctx.log.warn({ event: eventId, tool: event.provider, failures, reason: reading.reason }, 'not read back')
    const failure = { reason: reading.reason, limit: readLimit, delayMs: readPauseMs(failures) }
    await countEventFailure(ctx.db, eventId, failure)
    return null
  }
  const { event: booking } = reading
  if (!booking) return async () => ({ status: 'ignored', reason: 'the tool no longer has it', leadId: null })
  return (context, tx) => recordBooking(context, tx, { tool: event.provider, booking })
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
