import type { Context } from '../context.ts'
import {
  type BookingEvent,
  type BookingState,
  type BookingStatus,
  type BookingWho,
  mergeBooking,
  mergeWho,
} from '../core/booking.ts'
import { emailKey, foldedEmailKey } from '../core/email-address.ts'
import {
  blankBookings,
  type Booking,
  creditBooking,
  findBooking,
  lockBookings,
  putBooking,
} from '../store/bookings.ts'
import type { Db } from '../store/db.ts'
import { findDelivery } from '../store/deliveries.ts'
import { findEnrollments } from '../store/enrollments.ts'
import { lockAddress, lockPhone } from '../store/contact-locks.ts'
import { findLead, findLeadByEmail, findLeadByEnrollment, findLeadsByPhone } from '../store/leads.ts'
import { endRebook } from './end-rebook.ts'
import { followBookings } from './follow-bookings.ts'
import type { EventResult } from './receive-event.ts'

const statusOf: Readonly<Record<BookingEvent['kind'], BookingStatus>> = {
  booked: 'booked',
  rescheduled: 'booked',
  cancelled: 'cancelled',
  'no-show': 'no-show',
}

/**
 * Records what a booking tool says and lets the lead's mails follow, inside the caller's transaction. In whichever
 * order the events of a booking come, and however often, the end is the same.
 * A booking that nobody here made is kept: the form may come later.
 */
export async function recordBooking(
  ctx: Context,
  tx: Db,
  input: { tool: string; booking: BookingEvent },
): Promise<EventResult> {
  const { tool, booking } = input
  const { externalId, previousExternalId: previous } = booking
  await lockChain(tx, tool, previous ? [externalId, previous] : [externalId])
  const who = await findWho(ctx, tx, booking)
  const stands = booking.kind !== 'cancelled'
  const occurredAt = new Date(booking.occurredAt)
  const startsAt = booking.startsAt ? new Date(booking.startsAt) : null
  const news: BookingState = {
    ...who,
    status: statusOf[booking.kind],
    stood: stands,
    movedTo: null,
    startsAt,
    cancelledBy: booking.cancelledBy ?? null,
    revision: booking.revision ?? null,
    occurredAt,
    // A list may tell of it only after the call.
    bookedAt: startsAt && startsAt < occurredAt ? startsAt : occurredAt,
  }
  const before = await findBooking(tx, tool, externalId)
  let saved = await save(ctx, tx, tool, externalId, news)
  if (previous && previous !== externalId) {
    const old = await save(ctx, tx, tool, previous, {
      ...news,
      status: 'moved',
      movedTo: externalId,
      revision: null,
    })
    saved = await save(ctx, tx, tool, externalId, {
      ...saved,
      ...mergeWho(saved, old),
      bookedAt: old.bookedAt,
    })
  }
  // News of an id that was left behind still tells whose the booking is that goes on under another.
  const seen = new Set([externalId])
  while (saved.movedTo !== null && !seen.has(saved.movedTo)) {
    seen.add(saved.movedTo)
    const next = await findBooking(tx, tool, saved.movedTo)
    if (!next) break
    saved = await save(ctx, tx, tool, next.externalId, {
      ...next,
      ...mergeWho(next, saved),
      bookedAt: saved.bookedAt,
    })
  }
  const { leadId } = saved
  const found = leadId === null ? null : await findLead(tx, leadId)
  if (found?.foldedKey) await lockAddress(tx, found.foldedKey)
  // Read again under the lock: it may have been erased meanwhile.
  const lead = found && (await findLead(tx, found.id))
  const formerly = before !== null && before.leadId !== leadId ? before : null
  if (formerly) await endRebook(ctx, tx, formerly)
  // News of an erased lead's booking brings its address and number back: they are used, and not kept.
  if (lead?.erasedAt) await blankBookings(tx, { id: lead.id, emailKey: saved.emailKey, phone: null })
  if (lead) await creditBooking(tx, saved.id)
  if (lead) await followBookings(ctx, tx, { lead, stands })
  if (before && isSame(before, saved))
    return { status: 'ignored', reason: 'older than what is known', leadId }
  return { status: 'applied', reason: saved.doubt ?? (lead ? null : 'no lead matches yet'), leadId }
}

/** Locks these bookings and what they became. */
async function lockChain(tx: Db, tool: string, ids: readonly string[]): Promise<void> {
  const locked = new Set<string>()
  for (let next = [...ids]; next.length > 0;) {
    await lockBookings(tx, tool, next)
    for (const id of next) locked.add(id)
    const rows = await Promise.all(next.map((id) => findBooking(tx, tool, id)))
    next = rows.flatMap((row) => (row?.movedTo && !locked.has(row.movedTo) ? [row.movedTo] : []))
  }
}

async function save(
  ctx: Context,
  tx: Db,
  tool: string,
  externalId: string,
  news: BookingState,
): Promise<Booking> {
  const known = await findBooking(tx, tool, externalId)
  const merged = mergeBooking(known, news)
  const { status, stood, movedTo, startsAt, cancelledBy, revision, occurredAt, bookedAt } = merged
  const { emailKey: key, phone, leadId, enrollmentId, deliveryId, matchedBy, doubt, matchedAt } = merged
  const state = { status, stood, movedTo, startsAt, cancelledBy, revision, occurredAt, bookedAt }
  const who = { emailKey: key, phone, leadId, enrollmentId, deliveryId, matchedBy, doubt, matchedAt }
  const createdAt = known?.createdAt ?? ctx.clock.now()
  return putBooking(tx, { tool, externalId, createdAt, ...state, ...who })
}

const isSame = (a: Booking, b: Booking) =>
  a.externalId === b.externalId && JSON.stringify(a) === JSON.stringify(b)

/**
 * Whose booking it is: our own token first, then the address, then the phone number. What is not plain goes on the list
 * for a person: a number of two leads, which is nobody's; and one lead's link under another lead's address, where the
 * link counts. Locks of the number and the address are taken here, so that a form which comes at the same time waits.
 */
async function findWho(ctx: Context, tx: Db, booking: BookingEvent): Promise<BookingWho> {
  const { email, phone } = booking
  if (phone) await lockPhone(tx, phone)
  if (email) await lockAddress(tx, foldedEmailKey(email))
  const matchedAt = new Date(booking.occurredAt)
  const facts = { emailKey: email ? emailKey(email) : null, phone, matchedAt }
  const nobody = {
    ...facts,
    leadId: null,
    enrollmentId: null,
    deliveryId: null,
    matchedBy: null,
    doubt: null,
  }
  const byEmail = email ? await findLeadByEmail(tx, emailKey(email)) : null
  const { enrollmentId, deliveryId } = await readToken(ctx, tx, booking.token)
  const byToken = enrollmentId ? await findLeadByEnrollment(tx, enrollmentId) : null
  if (byToken) {
    const doubt = byEmail && byEmail.id !== byToken.id ? 'the link of one lead, the address of another' : null
    return { ...facts, leadId: byToken.id, enrollmentId, deliveryId, matchedBy: 'token', doubt }
  }
  const found = async (leadId: string, matchedBy: 'email' | 'phone') => ({
    ...nobody,
    leadId,
    matchedBy,
    enrollmentId: (await findEnrollments(tx, leadId))[0]?.id ?? null,
  })
  if (byEmail) return found(byEmail.id, 'email')
  const [lead, another] = phone ? await findLeadsByPhone(tx, phone) : []
  if (lead && another) return { ...nobody, doubt: 'two leads have this phone number' }
  return lead ? found(lead.id, 'phone') : nobody
}

/** What our booking link carried: one mail, or as in older mails the enrollment alone. */
async function readToken(
  ctx: Context,
  tx: Db,
  token: string | null,
): Promise<{ enrollmentId: string | null; deliveryId: string | null }> {
  const deliveryId = token === null ? null : ctx.links.read('click', token)
  const delivery = deliveryId === null ? null : await findDelivery(tx, deliveryId)
  if (delivery) return { enrollmentId: delivery.enrollmentId, deliveryId: delivery.id }
  return { enrollmentId: token === null ? null : ctx.links.read('booking', token), deliveryId: null }
}
