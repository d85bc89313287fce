import { z } from 'zod'
import type { Context } from '../context.ts'
import type { ProviderEvent } from '../store/events.ts'
import { applyReply } from './apply-reply.ts'
import type { Asked } from './receive-event.ts'

/** The event tells which mail came in; body and headers have to be asked for. */
const receivedEvent = z.object({ data: z.object({ email_id: z.string().regex(/^[\w-]{1,200}$/) }) })

/** Asks the provider for a mail that came in, outside of any transaction. */
export async function readReply(ctx: Context, event: ProviderEvent): Promise<Asked> {
  const parsed = receivedEvent.safeParse(parseJson(event.body))
  if (!parsed.success)
    return { result: { status: 'parked', reason: 'names no mail that can be asked for', leadId: null } }
  const reading = await ctx.mailer.readReceived(parsed.data.data.email_id)
  if (reading.outcome === 'failed') return { failed: reading.reason }
  return { apply: (context, tx, stored) => applyReply(context, tx, stored, reading.mail) }
}

function parseJson(body: Buffer | null): unknown {
  try {
    return JSON.parse(body?.toString('utf8') ?? '')
  } catch {
    return null
  }
}
