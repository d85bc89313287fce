/**
 * The provider's clock and ours differ by seconds, so its day, which begins at midnight in UTC, is taken to begin a
 * minute later (resend.com/docs/knowledge-base/account-quotas-and-limits): what it says just after midnight may still be about yesterday, and asking too early would cost a day.
 */
const graceMs = 60_000

/** The day of the provider's daily quota at a moment of wall time, as an ISO date. */
export function quotaDayAt(wall: Date): string {
  return new Date(wall.getTime() - graceMs).toISOString().slice(0, 10)
}

/** When that day is certainly over. */
export function quotaResetsAt(wall: Date): Date {
  return new Date(Date.parse(quotaDayAt(wall)) + 86_400_000 + graceMs)
}
