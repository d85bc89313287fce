import { dailyQuotaExceeded, monthlyQuotaExceeded, type ApiError } from './api-error.ts'

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10)

/**
 * Mails accepted by UTC day and month of the sandbox's clock; each recipient counts as one
 * (resend.com/docs/knowledge-base/account-quotas-and-limits).
 * UNCONFIRMED: the pages disagree on the reset (UTC midnight, or 24 h); and whether a batch that does not fit is
 * refused whole, as here.
 */
export class Quota {
  readonly #daily: number | undefined
  readonly #monthly: number | undefined
  #used = new Map<string, number>()

  /** In: how many mails a day and a month may bring; undefined is no limit. */
  constructor(daily: number | undefined, monthly: number | undefined) {
    this.#daily = daily
    this.#monthly = monthly
  }

  /** In: mails, and when (ms). */
  add(count: number, at: number): void {
    const day = dayOf(at)
    for (const period of [day, day.slice(0, 7)]) this.#used.set(period, (this.#used.get(period) ?? 0) + count)
  }

  /** The refusal of a request that would go over a limit, or null. */
  refusal(count: number, at: number): ApiError | null {
    const { daily, monthly } = this.#count(at)
    if (this.#monthly !== undefined && monthly + count > this.#monthly) return monthlyQuotaExceeded()
    if (this.#daily !== undefined && daily + count > this.#daily) return dailyQuotaExceeded()
    return null
  }

  /** Used so far, as Resend reports it. UNCONFIRMED that paid plans leave the daily one out; we send both. */
  headers(at: number): Record<string, string> {
    const { daily, monthly } = this.#count(at)
    return { 'x-resend-daily-quota': String(daily), 'x-resend-monthly-quota': String(monthly) }
  }

  #count(at: number) {
    const day = dayOf(at)
    return { daily: this.#used.get(day) ?? 0, monthly: this.#used.get(day.slice(0, 7)) ?? 0 }
  }
}
