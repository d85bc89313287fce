import type { Context } from '../context.ts'
import { bookingCourse } from '../core/booking.ts'
import { Problem } from '../core/problem.ts'
import { replanStep } from '../core/schedule.ts'
import { stepOf } from '../core/sequence.ts'
import { insertAudit } from '../store/audit.ts'
import { listBookings } from '../store/bookings.ts'
import { type Db, inTransaction } from '../store/db.ts'
import {
  countSoftBounces,
  type Delivery,
  insertDeliveries,
  listDeliveries,
  reviveDelivery,
} from '../store/deliveries.ts'
import { findTroubledEnrollments } from '../store/troubled-deliveries.ts'
import { lockMembers } from '../store/envelope-members.ts'
import { type Enrollment, findEnrollments, reopenEnrollment } from '../store/enrollments.ts'
import { lockAddress } from '../store/contact-locks.ts'
import { findLead, type Lead } from '../store/leads.ts'
import { hasReplied } from '../store/replies.ts'
import { findSuppressed } from '../store/suppressions.ts'
import { softBounceLimit } from './apply-resend-event.ts'
import { definitionOf } from './definitions.ts'
import { finishEnrollments } from './finish-enrollments.ts'
import { holdEnrollments } from './hold-enrollments.ts'
import { planAfter } from './plan-after.ts'
import { zoneOf } from './zone-of.ts'

/**
 * Lets a lead's sequence run again that somebody of the clinic stopped, from where it stood. Nothing else is undone:
 * who booked, replied or unsubscribed stays stopped.
 * Throws Problem `not-found` when there is no such lead, and `conflict` when something stands against it.
 */
export async function resumeLead(ctx: Context, input: { leadId: string; actor: string }): Promise<void> {
  const lead = await findLead(ctx.db, input.leadId)
  if (!lead) throw new Problem('not-found', 'There is no such lead.')
  if (lead.foldedKey === null) throw new Problem('conflict', 'This lead was erased: nobody is left to mail.')
  const { foldedKey } = lead
  await inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    await lockAddress(tx, foldedKey)
    if ((await findLead(tx, lead.id))?.foldedKey !== foldedKey)
      throw new Problem('conflict', 'This lead was erased: nobody is left to mail.')
    const enrollment = await resumable(ctx, tx, lead)
    await reopenEnrollment(tx, enrollment.id)
    await goOn(ctx, tx, lead, enrollment)
    await insertAudit(tx, { actor: input.actor, action: 'resume', subject: lead.id }, now)
  })
  ctx.wake()
}

/** The newest enrollment, when it is one that staff stopped and nothing stands against the lead. */
async function resumable(ctx: Context, tx: Db, lead: Lead): Promise<Enrollment> {
  const [newest] = await findEnrollments(tx, lead.id)
  if (newest?.status === 'active') throw new Problem('conflict', 'Its mails run already.')
  if (newest?.status === 'held')
    throw new Problem(
      'conflict',
      'It is held by a mail that failed or is parked: say what to do with that one.',
    )
  if (newest?.stopReason !== 'staff')
    throw new Problem('conflict', 'Only what somebody of the clinic stopped can be resumed.')
  if ((await findSuppressed(tx, ctx.suppression.lookups(lead.foldedKey!))).size > 0)
    throw new Problem('conflict', 'Its address is suppressed: nothing is mailed to it.')
  if (bookingCourse(await listBookings(tx, lead.id), ctx.clock.now()).course !== 'none')
    throw new Problem('conflict', 'It has booked: whoever booked gets no more of the sequence.')
  // A stop on top of staff's leaves no trace in the enrollment.
  if (await hasReplied(tx, lead.id, newest.startedAt))
    throw new Problem('conflict', 'It has replied: whoever replied gets no more of the sequence.')
  if ((await countSoftBounces(tx, lead.id)) >= softBounceLimit)
    throw new Problem('conflict', 'Its mail does not arrive: it was turned away again and again.')
  return newest
}

/** Plans again what the stop had cancelled; else what follows the last mail that went out. */
async function goOn(ctx: Context, tx: Db, lead: Lead, enrollment: Enrollment): Promise<void> {
  const now = ctx.clock.now()
  const all = (await listDeliveries(tx, lead.id)).filter(({ enrollmentId }) => enrollmentId === enrollment.id)
  const definition = await definitionOf({ db: tx }, enrollment.definitionHash)
  const cancelled = all.filter(({ status, reason }) => status === 'cancelled' && reason === 'staff')
  for (const { id, step, dueAt } of cancelled) {
    const { window } = stepOf(definition, step)
    const earliest = dueAt > now ? dueAt : now
    await reviveDelivery(tx, id, replanStep(window, earliest, zoneOf(ctx, lead), ctx.config.brand.holidays))
  }
  // One that is sealed is at the provider, or is opened and waits: what follows it is planned then.
  if (cancelled.length === 0 && !all.some(({ status }) => status === 'sealed' || status === 'waiting'))
    await planNext(ctx, tx, all)
  if ((await findTroubledEnrollments(tx, [enrollment.id], [])).size > 0)
    return holdEnrollments(ctx, tx, [enrollment.id])
  // Only of the last step: one of which nothing went out yet is not at its end.
  const { id: enrollmentId, definitionHash } = enrollment
  await finishEnrollments(
    ctx,
    tx,
    [{ enrollmentId, definitionHash }],
    new Map([[definitionHash, definition]]),
  )
}

async function planNext(ctx: Context, tx: Db, all: readonly Delivery[]): Promise<void> {
  const last = all.findLast(({ acceptedAt }) => acceptedAt !== null)
  const [member] = last ? await lockMembers(tx, [last.id]) : []
  const now = ctx.clock.now()
  const next = member ? await planAfter(ctx, tx, member, now) : null
  if (next) await insertDeliveries(tx, [next], now)
}
