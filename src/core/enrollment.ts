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
