import { mustAsk } from '../booking/adapter.ts'
import { mustAskForm } from '../capture/adapter.ts'
import type { Context } from '../context.ts'
import { receivedEvents } from '../core/reply.ts'
import { type Db, inTransaction } from '../store/db.ts'
import {
  blankEvents,
  closeEvent,
  countEventFailure,
  findEventProvider,
  lockPendingEvent,
  openEvent,
  type ProviderEvent,
  takeEvent,
} from '../store/events.ts'
import { findLead } from '../store/leads.ts'
import { applyBookingEvent } from './apply-booking-event.ts'
import { applyResendEvent } from './apply-resend-event.ts'
import { readBooking } from './read-booking.ts'
import { readLead } from './read-lead.ts'
import { readReply } from './read-reply.ts'
import { readLeaseMs, readLimit, readPauseMs } from './reading-pace.ts'

/** What became of an event, and the lead it was about. */
export type EventResult = {
  status: 'applied' | 'ignored' | 'parked'
  reason: string | null
  leadId: string | null
}

type Apply = (ctx: Context, tx: Db, event: ProviderEvent) => Promise<EventResult>

/** What came of asking about an event: what applies the answer, an end without one, or why it is to be asked again. */
export type Asked = { apply: Apply } | { result: EventResult } | { failed: string }

/** Failures after which an event is left to a person. */
const failureLimit = 5

/**
 * Stores a verified event byte for byte, then applies it. Stored is enough for a 2xx: should applying fail,
 * the tick tries again. The same event any number of times is applied once. One that must be asked about is left
 * to the next tick: an answer to a webhook waits for nobody.
 */
export async function receiveEvent(
  ctx: Context,
  input: { provider: string; eventId: string; body: Uint8Array },
): Promise<void> {
  const event = await openEvent(ctx.db, {
    ...input,
    body: Buffer.from(input.body),
    receivedAt: ctx.clock.now(),
  })
  if (event.status !== 'pending') return
  if (isRead(ctx, input.provider)) ctx.wake()
  else await applyEvent(ctx, event.id)
}

/** Takes up an event that was stored before: reads it back first, where it must be asked about. */
export async function takeUpEvent(ctx: Context, id: string): Promise<void> {
  const provider = await findEventProvider(ctx.db, id)
  if (provider !== null && isRead(ctx, provider)) await readEvent(ctx, id)
  else await applyEvent(ctx, id)
}

/**
 * Asks what an event was about, and applies the answer. Nothing happens when another worker has it. Who does not answer
 * is asked again later; after many failures in a row the event is parked with the reason.
 */
export async function readEvent(ctx: Context, id: string): Promise<void> {
  const event = await takeEvent(ctx.db, id, readLeaseMs)
  if (!event) return
  const { provider } = event
  const read = isForm(ctx, provider) ? readLead : provider === receivedEvents ? readReply : readBooking
  try {
    const asked = await read(ctx, event)
    if ('failed' in asked) {
      const failures = event.failures + 1
      ctx.log.warn({ event: id, provider, failures, reason: asked.failed }, 'not read back')
      const failure = { reason: asked.failed, limit: readLimit, delayMs: readPauseMs(failures) }
      return await countEventFailure(ctx.db, id, failure)
    }
    await applyEvent(ctx, id, 'apply' in asked ? asked.apply : async () => asked.result)
  } catch (error) {
    await countFault(ctx, id, error)
  }
}

/** Applies a stored event in one transaction with its own record. A fault is counted and logged, never thrown. */
export async function applyEvent(ctx: Context, id: string, applyRead?: Apply): Promise<void> {
  try {
    await inTransaction(ctx.db, async (tx) => {
      const event = await lockPendingEvent(tx, id)
      if (!event) return
      const apply = applyRead ?? (event.provider === 'resend' ? applyResendEvent : applyBookingEvent)
      const result = await apply(ctx, tx, event)
      await closeEvent(tx, id, result)
      // News of a person who was erased brings the address back: it is used, and not kept.
      const lead = result.leadId === null ? null : await findLead(tx, result.leadId)
      if (lead?.erasedAt) await blankEvents(tx, lead.id)
    })
    ctx.wake()
  } catch (error) {
    await countFault(ctx, id, error)
  }
}

async function countFault(ctx: Context, id: string, error: unknown): Promise<void> {
  const reason = error instanceof Error ? error.name : 'unknown error'
  ctx.log.error({ event: id, reason }, 'event could not be applied')
  await countEventFailure(ctx.db, id, { reason, limit: failureLimit, delayMs: 0 })
}

/** Whether an event is of a form's tool, and about a lead to be asked for. */
function isForm(ctx: Context, provider: string): boolean {
  const adapter = Object.hasOwn(ctx.forms, provider) ? ctx.forms[provider] : undefined
  return adapter !== undefined && mustAskForm(adapter)
}

/** Those of whose events each must be asked about before it can be applied. */
export const askedProviders = (ctx: Pick<Context, 'bookings' | 'forms'>): string[] => [
  receivedEvents,
  ...Object.keys(ctx.bookings).filter((tool) => mustAsk(ctx.bookings[tool]!)),
  ...Object.keys(ctx.forms).filter((tool) => mustAskForm(ctx.forms[tool]!)),
]

function isRead(ctx: Context, provider: string): boolean {
  if (isForm(ctx, provider)) return true
  const adapter = Object.hasOwn(ctx.bookings, provider) ? ctx.bookings[provider] : undefined
  return provider === receivedEvents || (adapter !== undefined && mustAsk(adapter))
}
