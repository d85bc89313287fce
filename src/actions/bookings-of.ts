import { bookingCourse, type BookingCourse, type MatchWay, thirtyDays } from '../core/booking.ts'
import type { CaptureFacts, KnownBooking } from '../store/capture-facts.ts'

/**
 * The bookings that came before the form and that nobody has, each with how it was matched, and where the lead stands
 * by those and its own. A number that several leads have matches nothing. Who booked under this very address is booked,
 * whoever the booking was taken for, unless a person said whose it is, or the call is long over.
 */
export function bookingsOf(
  { lead, bookings, phoneShared }: CaptureFacts,
  key: string,
  now: Date,
): { orphans: (KnownBooking & { matchedBy: MatchWay })[]; course: BookingCourse['course'] } {
  const orphans = bookings
    .filter(({ leadId, doubt }) => leadId === null && doubt === null)
    .filter(({ emailKey: theirs }) => theirs === key || !phoneShared)
    .map((booking) => ({ ...booking, matchedBy: booking.emailKey === key ? 'email' : 'phone' }) as const)
  const own = lead === null ? [] : bookings.filter(({ leadId }) => leadId === lead.id)
  const isTaken = bookings.some(
    ({ leadId, emailKey: theirs, matchedBy, status, startsAt, occurredAt }) =>
      leadId !== null &&
      leadId !== lead?.id &&
      theirs === key &&
      status === 'booked' &&
      (startsAt ?? occurredAt).getTime() > now.getTime() - thirtyDays &&
      !bySomebody(matchedBy),
  )
  return { orphans, course: isTaken ? 'booked' : bookingCourse([...own, ...orphans], now).course }
}

const bySomebody = (way: MatchWay | null) => way === 'person' || way === 'front-desk'
