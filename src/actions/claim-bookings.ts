import type { Context } from '../context.ts'
import { bookingCourse, type MatchWay } from '../core/booking.ts'
import { assignBooking, listClaimable } from '../store/bookings.ts'
import type { Db } from '../store/db.ts'
import { findLeadsByPhone, type Lead } from '../store/leads.ts'
import { followBookings } from './follow-bookings.ts'
import { stopLead } from './stop-lead.ts'

/**
 * Gives a lead who fills in a form the bookings that came before it, inside the caller's transaction, which holds the
 * address lock. True when they stand against a sequence: a call is booked, or was cancelled or missed of late, and
 * then the mail that asks to book again is the answer. `refused`: the form has a consent box that was left empty.
 */
export async function claimBookings(
  ctx: Context,
  tx: Db,
  input: { lead: Lead; refused: boolean },
): Promise<boolean> {
  const { lead, refused } = input
  if (lead.emailKey === null) return false
  const theirs = await listClaimable(tx, { ...lead, emailKey: lead.emailKey })
  const orphans = theirs.filter(({ leadId }) => leadId === null)
  const isShared =
    orphans.length > 0 && lead.phone !== null && (await findLeadsByPhone(tx, lead.phone)).length > 1
  const claimed = orphans.filter(({ emailKey }) => emailKey === lead.emailKey || !isShared)
  for (const { id, emailKey } of claimed) {
    const matchedBy: MatchWay = emailKey === lead.emailKey ? 'email' : 'phone'
    await assignBooking(tx, id, { leadId: lead.id, matchedBy })
  }
  const own = theirs.filter((booking) => booking.leadId !== null || claimed.includes(booking))
  const { course } = bookingCourse(own, ctx.clock.now())
  if (course === 'none') return false
  // Nothing else runs here, so what a refusal stops is the mail that asks to book again.
  if (refused) await stopLead(ctx, tx, { leadId: lead.id, reason: 'booked' })
  else await followBookings(ctx, tx, { lead, stands: false })
  return true
}
