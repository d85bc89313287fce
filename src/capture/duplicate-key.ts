import { emailKey } from '../core/email-address.ts'
import type { LeadFields } from '../core/submission.ts'
import { sha256 } from './signature.ts'

const tenMinutes = 10 * 60_000

/**
 * A duplicate key for providers that give no id: the same form, person and answers within one ten-minute slot.
 * Slots are fixed, so a repeat across the edge of one is kept twice: harmless, as the lead is the same. A hash,
 * so that no answer can be read back from it.
 */
export function duplicateKey(formId: string | null, lead: LeadFields, at: Date): string {
  const slot = Math.floor(at.getTime() / tenMinutes)
  return sha256(JSON.stringify([formId, emailKey(lead.email), answersOf(lead), slot])).toString('hex')
}

/** The same for one that names each submission itself: its id, person and answers, whenever they come. */
export function answersKey(externalId: string, lead: LeadFields): string {
  return sha256(JSON.stringify([externalId, emailKey(lead.email), answersOf(lead)])).toString('hex')
}

function answersOf({ email: _email, utm, ...rest }: LeadFields): [string, unknown][] {
  return [...Object.entries(rest), ...Object.entries(utm)].sort(([a], [b]) => (a < b ? -1 : 1))
}
