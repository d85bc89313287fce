import type { Context } from '../context.ts'
import type { BookingEvent } from '../core/booking.ts'
import { emailKey, foldedEmailKey } from '../core/email-address.ts'
import { Problem } from '../core/problem.ts'
import { renameBooking, saveBooking } from '../store/bookings.ts'
import type { Db } from '../store/db.ts'
import { findEnrollments } from '../store/enrollments.ts'
import type { ProviderEvent } from '../store/events.ts'
import {
  findLeadByEmail,
  findLeadByEnrollment,
  findLeadsByPhone,
  type Lead,
  lockAddress,
} from '../store/leads.ts'
import type { EventResult } from './receive-event.ts'
import { stopLead } from './stop-lead.ts'

type Match = { lead: Lead; enrollmentId: string | null; by: 'token' | 'email' | 'phone' }

/** Applies one event of a booking tool: its raw body is read again by the tool's adapter. */
export async function applyBookingEvent(ctx: Context, tx: Db, event: ProviderEvent): Promise<EventResult> {
  const adapter = ctx.bookings[event.provider]
  if (!adapter) return { status: 'parked', reason: `no booking adapter ${event.provider}`, leadId: null }
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

/**
 * Records what a booking tool says and stops the lead when a call is booked; a cancellation restarts nothing.
 * A booking that nobody here made is kept: the form may come later. Two leads with one phone number are nobody.
 */
async function recordBooking(
  ctx: Context,
  tx: Db,
  input: { tool: string; booking: BookingEvent },
): Promise<EventResult> {
  const { tool, booking } = input
  if (booking.email) await lockAddress(tx, foldedEmailKey(booking.email))
  const match = await findMatch(ctx, tx, booking)
  if (match?.lead.foldedKey) await lockAddress(tx, match.lead.foldedKey)
  const stands = booking.kind === 'booked' || booking.kind === 'rescheduled'
  if (booking.previousExternalId)
    await renameBooking(tx, tool, booking.previousExternalId, booking.externalId)
  const saved = await saveBooking(tx, {
    tool,
    externalId: booking.externalId,
    status: stands ? 'booked' : booking.kind === 'no-show' ? 'no-show' : 'cancelled',
    leadId: match?.lead.id ?? null,
    enrollmentId: match ? (match.enrollmentId ?? (await newestEnrollment(tx, match.lead.id))) : null,
    matchedBy: match?.by ?? null,
    emailKey: booking.email ? emailKey(booking.email) : null,
    phone: booking.phone,
    startsAt: booking.startsAt ? new Date(booking.startsAt) : null,
    occurredAt: new Date(booking.occurredAt),
    createdAt: ctx.clock.now(),
  })
  // Even when it comes after its own cancellation: in whichever order they arrive, the end is the same.
  if (match && stands) await stopLead(ctx, tx, { leadId: match.lead.id, reason: 'booked' })
  if (!saved) return { status: 'ignored', reason: 'older than what is known', leadId: match?.lead.id ?? null }
  return { status: 'applied', reason: match ? null : 'no lead matches yet', leadId: match?.lead.id ?? null }
}

/** Our own token first, then the address, then the phone number. */
async function findMatch(ctx: Context, tx: Db, booking: BookingEvent): Promise<Match | null> {
  const enrollmentId = booking.token ? ctx.links.read('booking', booking.token) : null
  if (enrollmentId) {
    const lead = await findLeadByEnrollment(tx, enrollmentId)
    if (lead) return { lead, enrollmentId, by: 'token' }
  }
  if (booking.email) {
    const lead = await findLeadByEmail(tx, emailKey(booking.email))
    if (lead) return { lead, enrollmentId: null, by: 'email' }
  }
  if (booking.phone) {
    const [lead, another] = await findLeadsByPhone(tx, booking.phone)
    if (lead && !another) return { lead, enrollmentId: null, by: 'phone' }
  }
  return null
}

async function newestEnrollment(tx: Db, leadId: string): Promise<string | null> {
  return (await findEnrollments(tx, leadId))[0]?.id ?? null
}
