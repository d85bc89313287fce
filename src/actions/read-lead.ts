import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import type { ProviderEvent } from '../store/events.ts'
import { findSourceById } from '../store/sources.ts'
import { captureVerified } from './capture-lead.ts'
import { readLeadEventId } from './note-leads.ts'
import type { Asked } from './receive-event.ts'

/**
 * Asks a tool for the lead that its webhook named, and captures the answer byte for byte, as if a form had sent it.
 * Without a key to ask with, the event is parked with the reason. Asking twice captures once.
 */
export async function readLead(ctx: Context, event: ProviderEvent): Promise<Asked> {
  const { sourceId, leadId } = readLeadEventId(event.eventId)
  const source = await findSourceById(ctx.db, sourceId)
  const reader = Object.hasOwn(ctx.formReaders, event.provider) ? ctx.formReaders[event.provider] : undefined
  if (!source || !reader) return parked(`no ${source ? 'key to ask with' : 'such source'}`)
  const reading = await reader.read(leadId)
  if (reading.outcome === 'failed') return { failed: reading.reason }
  const headers = { 'content-type': 'application/json' }
  const request = { method: 'POST', url: '', headers, body: Buffer.from(reading.body) }
  try {
    const result = await captureVerified(ctx, {
      source,
      request,
      screen: async () => null,
      receivedAt: event.receivedAt,
    })
    return { result: { status: 'applied', reason: null, leadId: result.leadId } }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (error.code === 'busy') return { failed: 'more came in than could be stored' }
    // It is parked as a capture by now, where it can be replayed once its mapping is mended.
    return { result: { status: 'applied', reason: error.message, leadId: null } }
  }
}

const parked = (reason: string): Asked => ({ result: { status: 'parked', reason, leadId: null } })
