import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { countEventFailure, takeEvent } from '../store/events.ts'
import { findSourceById } from '../store/sources.ts'
import { captureVerified } from './capture-lead.ts'
import { readLeadEventId } from './note-leads.ts'
import { readLeaseMs, readLimit, readPauseMs } from './reading-pace.ts'
import type { EventResult } from './receive-event.ts'

/**
 * Asks a tool for the lead that its webhook named, and captures the answer byte for byte, as if a form had sent it.
 * Null when there is nothing to record now: another worker has it, or it is asked again later. After many failures in a
 * row, or without a key to ask with, the event is parked with the reason. Asking twice captures once.
 */
export async function readLead(ctx: Context, eventId: string): Promise<EventResult | null> {
  const event = await takeEvent(ctx.db, eventId, readLeaseMs)
  if (!event) return null
  const failed = async (reason: string) => {
    const failures = event.failures + 1
    ctx.log.warn({ event: eventId, tool: event.provider, failures, reason }, 'not read back')
    await countEventFailure(ctx.db, eventId, { reason, limit: readLimit, delayMs: readPauseMs(failures) })
    return null
  }
  const { sourceId, leadId } = readLeadEventId(event.eventId)
  const source = await findSourceById(ctx.db, sourceId)
  const reader = Object.hasOwn(ctx.formReaders, event.provider) ? ctx.formReaders[event.provider] : undefined
  if (!source || !reader) return parked(`no ${source ? 'key to ask with' : 'such source'}`)
  const reading = await reader.read(leadId)
  if (reading.outcome === 'failed') return failed(reading.reason)
  const headers = { 'content-type': 'application/json' }
  const request = { method: 'POST', url: '', headers, body: Buffer.from(reading.body) }
  try {
    const result = await captureVerified(ctx, {
      source,
      request,
      screen: async () => null,
      receivedAt: event.receivedAt,
    })
    return { status: 'applied', reason: null, leadId: result.leadId }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (error.code === 'busy') return failed('more came in than could be stored')
    // It is parked as a capture by now, where it can be replayed once its mapping is mended.
    return { status: 'applied', reason: error.message, leadId: null }
  }
}

const parked = (reason: string): EventResult => ({ status: 'parked', reason, leadId: null })
