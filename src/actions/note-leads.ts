import { mustAskForm } from '../capture/adapter.ts'
import type { Context } from '../context.ts'
import type { CaptureResult } from '../core/capture.ts'
import type { InboundRequest } from '../core/inbound-request.ts'
import { Problem } from '../core/problem.ts'
import { inTransaction } from '../store/db.ts'
import { openEvent } from '../store/events.ts'
import type { Source } from '../store/sources.ts'
import { countingRefusals, describe } from './capture-lead.ts'
import { unreadable } from './store-captures.ts'

/** What became of a webhook that names leads: so many are to be asked for, or its bytes are kept as a capture. */
export type NoteResult = CaptureResult | { status: 'to-be-read'; leads: number }

/**
 * Takes a webhook that only says that there are leads. Each is stored as an event to be read, all of them or none; the
 * next tick asks for them. Bytes that are signed and cannot be understood are parked as a capture.
 * Throws as `captureLead` does.
 */
export async function noteLeads(
  ctx: Context,
  input: { source: Source; request: InboundRequest },
): Promise<NoteResult> {
  const { source, request } = input
  const adapter = ctx.forms[source.adapter]
  if (!adapter || !mustAskForm(adapter)) throw new Error(`${source.adapter} is no adapter that asks`)
  return countingRefusals(ctx, source, async () => {
    adapter.verify(request, source.secrets, new Date())
    const receivedAt = ctx.clock.now()
    const contentType = request.headers['content-type'] ?? null
    const raw = { source, contentType, body: request.body, receivedAt }
    try {
      const ids = adapter.notices(request)
      if (ids.length === 0)
        return await ctx.captures.add({
          ...unreadable(raw, ''),
          content: { kind: 'ignored', reason: 'no lead in it' },
        })
      await openNotices(ctx, { source, ids, body: request.body, receivedAt })
      return { status: 'to-be-read', leads: ids.length }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const parked = await ctx.captures.add(unreadable(raw, describe(error)))
      if (error.code === 'unmappable') return parked
      throw error
    }
  })
}

/** Stores each named lead as an event to be read, all of them or none; one that is stored already stays as it is. */
export async function openNotices(
  ctx: Pick<Context, 'db' | 'wake'>,
  notice: {
    source: Pick<Source, 'id' | 'adapter'>
    ids: readonly string[]
    body: Uint8Array
    receivedAt: Date
  },
): Promise<void> {
  const { source, ids, body, receivedAt } = notice
  await inTransaction(ctx.db, async (tx) => {
    // Sorted, so that two webhooks that name the same leads never wait for each other.
    for (const id of [...ids].sort())
      await openEvent(tx, {
        provider: source.adapter,
        eventId: leadEventId(source.id, id),
        body: Buffer.from(body),
        receivedAt,
      })
  })
  ctx.wake()
}

const separator = '/'

/** Which source has to be asked for which lead, as an event's id. */
const leadEventId = (sourceId: string, leadId: string) => `${sourceId}${separator}${leadId}`

/** The source and the lead of such an id. */
export function readLeadEventId(eventId: string): { sourceId: string; leadId: string } {
  const [sourceId = '', leadId = ''] = eventId.split(separator)
  return { sourceId, leadId }
}
