import type { Context } from '../context.ts'
import { bookingCourse } from '../core/booking.ts'
import { optIn } from '../sequences/opt-in.ts'
import { rebook } from '../sequences/rebook.ts'
import { listBookings } from '../store/bookings.ts'
import type { Db } from '../store/db.ts'
import { findEnrollments } from '../store/enrollments.ts'
import type { Lead } from '../store/leads.ts'
import { enrollRebook } from './enroll-rebook.ts'
import { stopLead } from './stop-lead.ts'

/**
 * Lets a lead's mails follow its bookings. Whoever ever booked is out of the sequence; a cancellation restarts nothing.
 * Once no booking stands, the newest having been cancelled or missed of late, one mail asks to book again.
 * Where the tool says that the clinic cancelled, none does: why is for the clinic to say.
 * `stands`: the news at hand is of a booking that stands or stood. The caller holds the address lock.
 */
export async function followBookings(
  ctx: Context,
  tx: Db,
  input: { lead: Lead; stands: boolean },
): Promise<void> {
  const { lead, stands } = input
  const all = await listBookings(tx, lead.id)
  const next = bookingCourse(all, ctx.clock.now())
  if (next.course === 'none' && !stands) return
  const running = (await findEnrollments(tx, lead.id)).find(
    ({ sequence, status }) => sequence !== optIn.key && (status === 'active' || status === 'held'),
  )
  if (running?.sequence === rebook.key && next.course === 'rebook') return
  await stopLead(ctx, tx, { leadId: lead.id, reason: 'booked' })
  const ended = next.course === 'rebook' ? all.find(({ id }) => id === next.bookingId) : undefined
  if (ended) await enrollRebook(ctx, tx, { lead, booking: ended })
}
