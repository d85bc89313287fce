import type { Reentry } from './sequence.ts'

/** `held`: a step failed or was parked, and a person has to look before the next one goes out. */
export const enrollmentStatuses = ['active', 'held', 'finished', 'stopped'] as const
export type EnrollmentStatus = (typeof enrollmentStatuses)[number]

export const stopReasons = [
  'booked',
  'unsubscribed',
  'complained',
  'bounced',
  'suppressed',
  'replied',
  'staff',
  'erased',
] as const
export type StopReason = (typeof stopReasons)[number]

/** Why an address is never mailed again. */
export const suppressionReasons = ['unsubscribed', 'complained', 'bounced', 'provider', 'staff'] as const
export type SuppressionReason = (typeof suppressionReasons)[number]

/** What becomes of a capture once its lead is known. `stored`: a line of a list that was imported to be kept, not mailed. */
export const enrollOutcomes = [
  'enrolled',
  'attached',
  'booked',
  'suppressed',
  'impossible',
  'finished',
  'without-consent',
  'unconfirmed',
  'stored',
] as const
export type EnrollOutcome = (typeof enrollOutcomes)[number]

/** One time that a lead went through a sequence, or goes through one now. */
export type Past = { sequence: string; status: EnrollmentStatus; endedAt: Date | null }

/** What decides whether the lead of a capture is enrolled. */
export type Standing = {
  /** The sequence to join, by its key. */
  sequence: string
  again: Reentry
  suppressed: boolean
  /** Each enrollment that the lead ever had. */
  enrollments: readonly Past[]
  /** A booking of the lead, or of its address, stands. */
  booked: boolean
  /** No mail can arrive at the address. */
  impossible: boolean
  /** There is the consent that the sequence needs, and the form at hand was not left without it. */
  consented: boolean
  /** The address is its owner's, as far as the source wants to know. */
  confirmed: boolean
}

const dayMs = 86_400_000

/** Enrolls a lead unless something stands against it; what weighs most is named. */
export function outcomeOf(standing: Standing, now: Date): EnrollOutcome {
  const { suppressed, enrollments, booked, impossible, consented, confirmed } = standing
  if (suppressed) return 'suppressed'
  if (enrollments.some(({ status }) => status === 'active' || status === 'held')) return 'attached'
  if (booked) return 'booked'
  if (impossible) return 'impossible'
  const before = enrollments.filter(({ sequence }) => sequence === standing.sequence)
  if (!mayEnterAgain(standing.again, before, now)) return 'finished'
  if (!consented) return 'without-consent'
  return confirmed ? 'enrolled' : 'unconfirmed'
}

function mayEnterAgain(again: Reentry, before: readonly Past[], now: Date): boolean {
  if (again === 'once') return before.length === 0
  const pauseMs = again === 'while-not-active' ? 0 : again.afterDays * dayMs
  return before.every(({ endedAt }) => endedAt !== null && now.getTime() - endedAt.getTime() >= pauseMs)
}
