export const dispatchStatuses = ['sealed', 'in-flight', 'retrying', 'accepted', 'opened', 'parked'] as const
export type DispatchStatus = (typeof dispatchStatuses)[number]

/** Statuses in which a dispatch may still be attempted. */
export const openDispatchStatuses = ['sealed', 'in-flight', 'retrying'] as const satisfies DispatchStatus[]

/**
 * What one call came to. `refused` and `rate-limited` are certain: the provider named a reason from our allow-list
 * and took nothing. `unknown` is all else, and an attempt whose process died has no outcome at all.
 */
export const attemptOutcomes = ['accepted', 'refused', 'rate-limited', 'unknown'] as const
export type AttemptOutcome = (typeof attemptOutcomes)[number]

/** Deliveries in one envelope: Resend takes 100 (resend.com/docs/api-reference/emails/send-batch-emails). */
export const envelopeLimit = 100

const minute = 60_000
/** Within it an unknown attempt is replayed whatever happened since, to learn whether the mail went out. */
export const evidenceReplayMs = 15 * minute
/** Resend keeps an idempotency key for 24 hours; an hour short of it nothing is replayed any more. */
export const replayLimitMs = 23 * 60 * minute

export type DispatchFacts = {
  /** Outcomes of all attempts so far, null where none was recorded. */
  outcomes: readonly (AttemptOutcome | null)[]
  /** A lead inside was stopped after sealing. */
  dirty: boolean
  /** A mail inside was planned anew after sealing. */
  moved: boolean
  /** An event of any member proves that the provider took the envelope, as an answer of its own does. */
  proven: boolean
  /** Sending as a whole is paused. */
  paused: boolean
  /** The earliest window end inside, or null. */
  sendBy: Date | null
  firstAttemptAt: Date | null
}

/** `open`: the deliveries go back to waiting. `wait`: nothing may be done until evidence comes or time passes. */
export type Verdict = 'send' | 'open' | 'wait' | 'park'

/** True when every attempt has a recorded refusal: then, and only then, the provider certainly took nothing. */
export function takenByNone(outcomes: readonly (AttemptOutcome | null)[]): boolean {
  return outcomes.every((outcome) => outcome === 'refused' || outcome === 'rate-limited')
}

/** What may be done with an envelope now, judged by all its attempts and not by the last one alone. */
export function judgeDispatch(facts: DispatchFacts, now: Date): Verdict {
  const late = facts.sendBy !== null && now >= facts.sendBy
  if (takenByNone(facts.outcomes)) {
    // Proof of a member of an envelope that was certainly not taken is of another envelope, sent before this one.
    if (facts.outcomes.includes('refused') || facts.proven) return 'open'
    return facts.moved || facts.paused || facts.dirty || late ? 'open' : 'send'
  }
  const age = now.getTime() - (facts.firstAttemptAt?.getTime() ?? now.getTime())
  if (age >= replayLimitMs) return 'park'
  if (facts.paused) return 'wait'
  const proven = facts.proven || facts.outcomes.includes('accepted')
  if (proven || age < evidenceReplayMs) return 'send'
  return facts.dirty || late ? 'wait' : 'send'
}

/** Of `total` calls a second, those kept for first attempts of first mails: a quarter, and one at least. */
export function shareForFirst(total: number): number {
  return Math.max(1, Math.floor(total / 4))
}

/** The same for all that is no mail to leads, alerts and questions to the provider: an eighth, and one at least. */
export function shareForAsking(total: number): number {
  return Math.max(1, Math.floor(total / 8))
}

/** What is left of them for all other dispatches. */
export function shareForOthers(total: number): number {
  return total - shareForFirst(total) - shareForAsking(total)
}

/** Mails of a day's quota that only first mails, and alerts, may use: a fifth, and one at least. */
export function quotaForFirst(dailyQuota: number): number {
  return Math.max(1, Math.floor(dailyQuota / 5))
}

/** Pause in ms before the next try after `attempts` attempts that ended unknown: 2 s doubling to 5 min. */
export function retryDelayMs(attempts: number): number {
  return Math.min(2_000 * 2 ** Math.max(0, attempts - 1), 5 * minute)
}
