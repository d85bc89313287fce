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

/** What becomes of a capture once its lead is known. */
const enrollOutcomes = [
  'enrolled',
  'attached',
  'booked',
  'suppressed',
  'finished',
  'without-consent',
] as const
export type EnrollOutcome = (typeof enrollOutcomes)[number]

/** What decides whether the lead of a capture is enrolled. */
export type Standing = {
  suppressed: boolean
  /** Status of each enrollment that the lead ever had. */
  enrollments: readonly EnrollmentStatus[]
  /** A booking of the lead, or of its address, stands. */
  booked: boolean
  /** The form asked for consent and did not get it. */
  refused: boolean
}

/** Enrolls a lead unless something stands against it; what weighs most is named. */
export function outcomeOf({ suppressed, enrollments, booked, refused }: Standing): EnrollOutcome {
  if (suppressed) return 'suppressed'
  if (enrollments.some((status) => status === 'active' || status === 'held')) return 'attached'
  if (booked) return 'booked'
  if (enrollments.length > 0) return 'finished'
  return refused ? 'without-consent' : 'enrolled'
}
