import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { disownBooking as setNobody, findBookingById, lockBookings } from '../store/bookings.ts'
import { inTransaction } from '../store/db.ts'
import { endRebook } from './end-rebook.ts'

/**
 * A person's word that a doubtful booking is nobody's here; no event overrules it, and no form that comes later finds it.
 * A lead who was stopped because of it before stays stopped, and is not asked to book again.
 * Throws Problem `not-found` for an unknown booking, and `conflict` for one that waits for nobody's word.
 */
export async function disownBooking(
  ctx: Context,
  input: { bookingId: string; actor: string },
): Promise<void> {
  const { bookingId, actor } = input
  const found = await findBookingById(ctx.db, bookingId)
  if (!found) throw new Problem('not-found', `No booking ${bookingId}.`)
  await inTransaction(ctx.db, async (tx) => {
    await lockBookings(tx, found.tool, [found.externalId])
    const before = await findBookingById(tx, bookingId)
    // Before the row is locked: the address comes first, as everywhere. A conflict takes it back.
    if (before) await endRebook(ctx, tx, before)
    if (!(await setNobody(tx, bookingId)))
      throw new Problem('conflict', 'Whose this booking is was settled already.')
    const detail = { from: before?.leadId ?? null }
    await insertAudit(tx, { actor, action: 'disown-booking', subject: bookingId, detail }, ctx.clock.now())
  })
}
