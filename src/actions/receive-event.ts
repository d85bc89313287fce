import type { Context } from '../context.ts'
import { inTransaction } from '../store/db.ts'
import { blankEvents, closeEvent, countEventFailure, lockPendingEvent, openEvent } from '../store/events.ts'
import { findLead } from '../store/leads.ts'
import { applyBookingEvent } from './apply-booking-event.ts'
import { applyResendEvent } from './apply-resend-event.ts'

/** What became of an event, and the lead it was about. */
export type EventResult = {
  status: 'applied' | 'ignored' | 'parked'
  reason: string | null
  leadId: string | null
}

/** Failures after which an event is left to a person. */
const failureLimit = 5

/**
 * Stores a verified event byte for byte, then applies it. Stored is enough for a 2xx: should applying fail,
 * the tick tries again. The same event any number of times is applied once.
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
  if (event.status === 'pending') await applyEvent(ctx, event.id)
}

/** Applies a stored event in one transaction with its own record. A fault is counted and logged, never thrown. */
export async function applyEvent(ctx: Context, id: string): Promise<void> {
  try {
    await inTransaction(ctx.db, async (tx) => {
      const event = await lockPendingEvent(tx, id)
      if (!event) return
      const apply = event.provider === 'resend' ? applyResendEvent : applyBookingEvent
      const result = await apply(ctx, tx, event)
      await closeEvent(tx, id, result)
      // News of a person who was erased brings the address back: it is used, and not kept.
      const lead = result.leadId === null ? null : await findLead(tx, result.leadId)
      if (lead?.erasedAt) await blankEvents(tx, lead.id)
    })
    ctx.wake()
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'unknown error'
    ctx.log.error({ event: id, reason }, 'event could not be applied')
    await countEventFailure(ctx.db, id, reason, failureLimit)
  }
}
