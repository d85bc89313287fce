/**
 * Ten requests a second for the whole team, all keys together, and no burst
 * (resend.com/docs/api-reference/rate-limit). Runs on wall time, whatever the sandbox's clock does.
 * UNCONFIRMED how Resend counts; here a window of one second opens with its first request.
 */
export class RateLimit {
  readonly #perSecond: number
  #openedAt = Number.NEGATIVE_INFINITY
  #used = 0

  /** In: requests a second; 0 is no limit. */
  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  /** Counts one request. In: wall time (ms). Out: whether it may pass, and the headers its answer carries. */
  take(now: number): { allowed: boolean; headers: Record<string, string> } {
    if (this.#perSecond === 0) return { allowed: true, headers: {} }
    // A step back of the system's clock must not leave the window shut.
    if (now - this.#openedAt >= 1000 || now < this.#openedAt) {
      this.#openedAt = now
      this.#used = 0
    }
    const allowed = this.#used < this.#perSecond
    if (allowed) this.#used += 1
    const reset = String(Math.max(1, Math.ceil((this.#openedAt + 1000 - now) / 1000)))
    const headers: Record<string, string> = {
      'ratelimit-limit': String(this.#perSecond),
      'ratelimit-remaining': String(this.#perSecond - this.#used),
      'ratelimit-reset': reset,
    }
    if (!allowed) headers['retry-after'] = reset
    return { allowed, headers }
  }
}
