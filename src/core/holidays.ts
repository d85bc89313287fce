import type { Weekday } from './sequence.ts'

/**
 * Days from `from` to `to`, both inside: ISO dates such as `2026-12-24`, or days of every year such as `--12-24`.
 * Those of every year may run over its end.
 */
export type Holiday = { from: string; to: string }

/** True when the day, an ISO date, is one of these. */
export function isHoliday(holidays: readonly Holiday[], date: string): boolean {
  return holidays.some(({ from, to }) => {
    const day = isYearly(from) ? `--${date.slice(5)}` : date
    return from <= to ? from <= day && day <= to : from <= day || day <= to
  })
}

const dayMs = 86_400_000
/** After so many years all weekdays fall on the same dates again. */
const cycleYears = 28

/** True when no stretch of `days` days, now or ever, is without one of these weekdays that is no holiday. */
export function opensWithin(
  days: number,
  weekdays: readonly Weekday[],
  holidays: readonly Holiday[],
): boolean {
  const years = holidays
    .filter(({ from }) => !isYearly(from))
    .flatMap(({ from, to }) => [from, to])
    .map((date) => Number(date.slice(0, 4)))
  if (years.length === 0) years.push(2000)
  const start = Date.UTC(Math.min(...years) - 1, 0, 1)
  const end = Date.UTC(Math.max(...years) + cycleYears, 11, 31)
  let closed = 0
  for (let at = start; at <= end; at += dayMs) {
    const day = new Date(at)
    const isOpen =
      weekdays.includes((day.getUTCDay() || 7) as Weekday) &&
      !isHoliday(holidays, day.toISOString().slice(0, 10))
    closed = isOpen ? 0 : closed + 1
    if (closed === days) return false
  }
  return true
}

const isYearly = (date: string) => date.startsWith('--')
