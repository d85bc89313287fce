import type { ReadCapture } from '../core/capture.ts'
import type { CaptureFacts } from '../store/capture-facts.ts'
import type { CaptureWrites } from '../store/capture-writes.ts'

/** What earlier captures of a batch took, bookings with their lead: later ones read their facts before that. */
type Claims = { bookings: Map<string, string>; phones: Set<string> }
export const noClaims = (): Claims => ({ bookings: new Map(), phones: new Set() })

/** The facts of a capture as they are after what its batch took before it. */
export function withoutClaimed(
  facts: CaptureFacts,
  { content }: ReadCapture,
  { bookings, phones }: Claims,
): CaptureFacts {
  if (content.kind !== 'lead' || facts.bookings.length === 0) return facts
  const phone = content.fields.phone ?? facts.lead?.phone ?? null
  return {
    ...facts,
    bookings: facts.bookings.map((one) => ({ ...one, leadId: bookings.get(one.id) ?? one.leadId })),
    phoneShared: facts.phoneShared || (phone !== null && phones.has(phone)),
  }
}

/** Notes what one capture's writes take. */
export function addClaims({ bookings, phones }: Claims, writes: Partial<CaptureWrites>): void {
  for (const { id, leadId } of writes.bookings ?? []) if (leadId) bookings.set(id, leadId)
  for (const { phone } of [...(writes.leads ?? []), ...(writes.knownLeads ?? [])])
    if (phone) phones.add(phone)
}
