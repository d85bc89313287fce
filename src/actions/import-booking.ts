import type { Appointment } from '../booking/appointments.ts'
import type { Context } from '../context.ts'
import type { BookingEvent } from '../core/booking.ts'
import { emailKey } from '../core/email-address.ts'
import { findBooking } from '../store/bookings.ts'
import { type Db, inTransaction } from '../store/db.ts'
import { findLeadByEmail, findLeadsByPhone, type Lead } from '../store/leads.ts'
import { recordBooking } from './record-booking.ts'

/**
 * What became of a line: `recorded` for a lead; `kept` for nobody yet; `doubtful`, for a person to look at;
 * `unchanged`, known already; `past`, over before we knew anyone by it.
 */
export const importOutcomes = ['recorded', 'kept', 'doubtful', 'unchanged', 'past'] as const
export type ImportOutcome = (typeof importOutcomes)[number]

class RolledBack extends Error {}

/**
 * Takes one line of a list of appointments, in a transaction of its own. The same line again changes nothing.
 * `asOf`: when the list was made; a line that says when it was changed knows better. `dryRun` undoes it all.
 */
export async function importBooking(
  ctx: Context,
  input: { tool: string; appointment: Appointment; asOf: Date; dryRun: boolean },
): Promise<ImportOutcome> {
  const { tool, appointment, asOf } = input
  const { kind, email, phone, startsAt } = appointment
  const externalId = appointment.id ?? digestOf(ctx, appointment)
  const known = await findBooking(ctx.db, tool, externalId)
  const leads = await leadsOf(ctx.db, appointment)
  // A list may go back for years: whoever comes to us today was not booked by it.
  const isNews =
    leads.length === 0
      ? kind === 'booked' && startsAt >= asOf
      : leads.some((lead) => lead.createdAt <= startsAt)
  if (!known && !isNews) return 'past'
  const isSame = known?.status === kind && known.startsAt?.getTime() === startsAt.getTime()
  if (isSame && (known.leadId !== null || known.doubt !== null || leads.length === 0)) return 'unchanged'
  const booking: BookingEvent = {
    kind,
    externalId,
    eventId: externalId,
    token: null,
    email,
    phone,
    startsAt: startsAt.toISOString(),
    endsAt: null,
    occurredAt: (appointment.updatedAt ?? asOf).toISOString(),
  }
  let outcome: ImportOutcome = 'unchanged'
  try {
    await inTransaction(ctx.db, async (tx) => {
      const { status, leadId } = await recordBooking(ctx, tx, { tool, booking })
      const isDoubtful = (await findBooking(tx, tool, externalId))?.doubt
      if (status === 'applied') outcome = isDoubtful ? 'doubtful' : leadId === null ? 'kept' : 'recorded'
      if (input.dryRun) throw new RolledBack()
    })
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error
  }
  return outcome
}

async function leadsOf(db: Db, { email, phone }: Appointment): Promise<Lead[]> {
  const lead = email ? await findLeadByEmail(db, emailKey(email)) : null
  if (lead) return [lead]
  return phone ? findLeadsByPhone(db, phone) : []
}

/** A list without ids: the person and the time stand for one, under a key, so that no address can be guessed from it. */
function digestOf(ctx: Context, { email, phone, startsAt }: Appointment): string {
  const text = JSON.stringify(['appointment', email ? emailKey(email) : phone, startsAt.toISOString()])
  return `row:${ctx.suppression.hash(text).hash.toString('hex').slice(0, 32)}`
}
