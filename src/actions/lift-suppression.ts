import type { Context } from '../context.ts'
import { emailKey, foldedEmailKey } from '../core/email-address.ts'
import type { SuppressionReason } from '../core/enrollment.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { lockAddress } from '../store/contact-locks.ts'
import { findLeadByEmail, reopenLeads } from '../store/leads.ts'
import { deleteSuppressions, readSuppressions } from '../store/suppressions.ts'

/**
 * Lifts the suppression of an address, on a person's word, which is recorded for good without the address. Nothing is
 * mailed by that: what was stopped stays stopped, and only a form that comes later may enroll the lead again.
 * Returns the reasons that stood. Throws Problem `invalid` for a reason that is none or holds an address, and
 * `not-found` when the address is not suppressed.
 */
export async function liftSuppression(
  ctx: Pick<Context, 'db' | 'clock' | 'suppression'>,
  input: { email: string; because: string; actor: string },
): Promise<SuppressionReason[]> {
  const because = input.because.trim()
  if (because.length < 5 || because.length > 300)
    throw new Problem('invalid', 'Say why, in 5 to 300 characters: it is kept as the record of this.')
  if (because.includes('@'))
    throw new Problem('invalid', 'The record is kept for ever: leave addresses out of the reason.')
  const foldedKey = foldedEmailKey(input.email)
  return inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    await lockAddress(tx, foldedKey)
    const found = await readSuppressions(tx, ctx.suppression.lookups(foldedKey))
    const [oldest] = found
    if (!oldest) throw new Problem('not-found', 'That address is not suppressed.')
    const ids = found.map(({ id }) => id)
    const reasons = found.map(({ reason }) => reason)
    await deleteSuppressions(tx, ids)
    await reopenLeads(tx, foldedKey, now)
    const lead = await findLeadByEmail(tx, emailKey(input.email))
    const detail = { because, suppressions: found }
    const subject = lead?.id ?? oldest.id
    await insertAudit(tx, { actor: input.actor, action: 'lift-suppression', subject, detail }, now)
    return reasons
  })
}
