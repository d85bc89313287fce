import type { Context } from '../context.ts'
import { planAtPace } from '../core/pace.ts'
import { Problem } from '../core/problem.ts'
import { isTimeZone, replanStep } from '../core/schedule.ts'
import { stepOf } from '../core/sequence.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { listPlanned, lockWaiting } from '../store/deliveries.ts'
import { replanWaiting } from '../store/due-deliveries.ts'
import { reopenUntaken } from '../store/dispatch-marks.ts'
import { lockAddress } from '../store/contact-locks.ts'
import { findLead, setTimeZone } from '../store/leads.ts'
import { definitionOf } from './definitions.ts'

/**
 * Changes the zone in which a lead's windows are reckoned, and plans what waits for it anew, as if it had been so all
 * along. What is sealed and surely not taken yet is opened: it may be the middle of the night there.
 * Throws Problem `invalid` for a zone that nobody knows, and `not-found` when there is no such lead.
 */
export async function changeZone(
  ctx: Context,
  input: { leadId: string; timeZone: string; actor: string },
): Promise<void> {
  const { leadId, timeZone, actor } = input
  if (!isTimeZone(timeZone))
    throw new Problem('invalid', 'There is no such time zone.', [
      { field: 'timeZone', message: 'is not a name such as America/Chicago' },
    ])
  const lead = await findLead(ctx.db, leadId)
  if (!lead) throw new Problem('not-found', 'There is no such lead.')
  const { holidays } = ctx.config.brand
  await inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    if (lead.foldedKey) await lockAddress(tx, lead.foldedKey)
    await setTimeZone(tx, leadId, timeZone)
    // Whoever is sealing one of them now read the old zone: what is sealed by then is opened below.
    await lockWaiting(tx, leadId)
    for (const delivery of await listPlanned(tx, leadId)) {
      const { id, createdAt, dueAt } = delivery
      const definition = await definitionOf({ db: tx }, delivery.definitionHash)
      const step = stepOf(definition, delivery.step)
      // The first mail of a list has its own day among the others, which no delay tells.
      const planned =
        step === definition.steps[0]
          ? replanStep(step.window, dueAt, timeZone, holidays)
          : planAtPace(step, createdAt, timeZone, holidays, delivery)
      const plan = planned.dueAt < now ? replanStep(step.window, now, timeZone, holidays) : planned
      await replanWaiting(tx, id, plan)
    }
    await reopenUntaken(tx, leadId)
    const detail = { before: lead.timeZone, after: timeZone }
    await insertAudit(tx, { actor, action: 'change-zone', subject: leadId, detail }, now)
  })
  ctx.wake()
}
