import type { Context } from '../context.ts'
import { emailKey, foldedEmailKey } from '../core/email-address.ts'
import { insertAudit } from '../store/audit.ts'
import { blankBookings, type Booking, listBookings, listOrphans } from '../store/bookings.ts'
import { blankUnlinkedCaptures } from '../store/captures.ts'
import { inTransaction } from '../store/db.ts'
import { blankBodies } from '../store/kept-mails.ts'
import { blankEvents, blankUnlinkedEvents } from '../store/events.ts'
import { lockAddress } from '../store/contact-locks.ts'
import { blankLead, findLeadByEmail, findLeadsByPhone } from '../store/leads.ts'
import { blankReplies } from '../store/replies.ts'
import { stopLead } from './stop-lead.ts'

/**
 * Erases the person behind an address: nothing is sent any more, and no name, address, number, answer or sealed mail
 * remains. A suppression stays, as a keyed hash. Returns false when no lead has that address.
 */
export async function eraseLead(ctx: Context, input: { email: string; actor: string }): Promise<boolean> {
  return inTransaction(ctx.db, async (tx) => {
    await lockAddress(tx, foldedEmailKey(input.email))
    const lead = await findLeadByEmail(tx, emailKey(input.email))
    if (!lead) return false
    await stopLead(ctx, tx, { leadId: lead.id, reason: 'erased' })
    await blankBodies(tx, lead.id)
    await blankEvents(tx, lead.id)
    // A number that another lead has too is that one's as well.
    const phone =
      lead.phone !== null && (await findLeadsByPhone(tx, lead.phone)).length === 1 ? lead.phone : null
    const booked = [
      ...(await listBookings(tx, lead.id)),
      ...(phone === null ? [] : await listOrphans(tx, phone)),
    ]
    await blankBookings(tx, { id: lead.id, emailKey: lead.emailKey, phone })
    await blankReplies(tx, lead.id, [lead.email!, lead.emailKey!])
    await blankLead(tx, lead.id, ctx.clock.now())
    const known = [lead.email!, lead.emailKey!, ...addressesOf(booked)]
    await blankUnlinkedCaptures(tx, known)
    await blankUnlinkedEvents(tx, known)
    await insertAudit(tx, { actor: input.actor, action: 'erase', subject: lead.id }, ctx.clock.now())
    return true
  })
}

/** A call may have been booked under another address or a number alone: the tool's news of it names no lead. */
const addressesOf = (booked: readonly Booking[]) =>
  booked.flatMap((booking) => [booking.emailKey, booking.phone]).filter((text) => text !== null)
