import { mustAsk } from '../booking/adapter.ts'
import { mustAskForm } from '../capture/adapter.ts'
import type { Context } from '../context.ts'
import { type Db, inTransaction } from '../store/db.ts'
import {
  blankEvents,
  closeEvent,
  countEventFailure,
  findEventProvider,
  lockPendingEvent,
  openEvent,
  type ProviderEvent,
} from '../store/events.ts'
import { findLead } from '../store/leads.ts'
import { applyBookingEvent } from './apply-booking-event.ts'
import { applyResendEvent } from './apply-resend-event.ts'
import { readBooking } from './read-booking.ts'
import { readLead } from './read-lead.ts'

/** What became of an event, and the lead it was about. */
export type EventResult = {
  status: 'applied' | 'ignored' | 'parked'
  reason: string | null
  leadId: string | null
}

type Apply = (ctx: Context, tx: Db, event: ProviderEvent) => Promise<EventResult>

/** Failures after which an event is left to a person. */
const failureLimit = 5

/**
 * Stores a verified event byte for byte, then applies it. Stored is enough for a 2xx: should applying fail,
 * the tick tries again. The same event any number of times is applied once. One of a tool that must be asked is left
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

/** Takes up an event that was stored before: reads it back first, where its tool must be asked. */
export async function takeUpEvent(ctx: Context, id: string): Promise<void> {
  const provider = await findEventProvider(ctx.db, id)
  if (provider !== null && isRead(ctx, provider)) await readEvent(ctx, id)
  else await applyEvent(ctx, id)
}

/** Asks a tool what its event was about, and applies the answer. */
export async function readEvent(ctx: Context, id: string): Promise<void> {
  const provider = await findEventProvider(ctx.db, id)
  if (provider === null) return
  if (isForm(ctx, provider)) return readLeadEvent(ctx, id)
  const apply = await readBooking(ctx, id)
  if (apply) await applyEvent(ctx, id, apply)
}

async function readLeadEvent(ctx: Context, id: string): Promise<void> {
  try {
    const result = await readLead(ctx, id)
    if (result) await applyEvent(ctx, id, async () => result)
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

function isRead(ctx: Context, provider: string): boolean {
  if (isForm(ctx, provider)) return true
  const adapter = Object.hasOwn(ctx.bookings, provider) ? ctx.bookings[provider] : undefined
  return adapter !== undefined && mustAsk(adapter)
}
