import { Temporal } from 'temporal-polyfill'

/** When the front desk hears of the leads of a source: at once, all of a day together, or not at all. */
export const sourceAlerts = ['at-once', 'digest', 'none'] as const
export type SourceAlerts = (typeof sourceAlerts)[number]

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** So long after the booking button was followed, whoever meant to book has. */
export const unbookedAfterMs = dayMs
/** So long after the last mail, whoever it moved has booked. */
export const finishedAfterMs = 3 * dayMs

/** The next time, later than `after`, that it is `hour` o'clock in that zone. */
export function nextDigest(after: Date, hour: number, timeZone: string): Date {
  const from = Temporal.Instant.fromEpochMilliseconds(after.getTime()).toZonedDateTimeISO(timeZone)
  const today = from.withPlainTime({ hour })
  const next =
    Temporal.ZonedDateTime.compare(today, from) > 0 ? today : from.add({ days: 1 }).withPlainTime({ hour })
  return new Date(next.epochMilliseconds)
}

/** Requests that were refused since the last one that was taken, and when the first of them came. */
export type Refusals = { count: number; since: Date }

/** True for refusals that are no slip: several, over some time, and nothing good between them. */
export function isRefusing({ count, since }: Refusals, now: Date): boolean {
  return count >= 5 && now.getTime() - since.getTime() >= 10 * 60_000
}

/** How many times of a source's captures are looked at, and the fewest that tell anything. */
export const silence = { looked: 40, fewest: 6 }

/**
 * True for a source that sent for a week or longer, and then nothing for three times as long as all but its longest
 * gaps, two days at least: a weekend is no silence. `times` are of its newest captures, in any order.
 */
export function isSilent(times: readonly Date[], now: Date): boolean {
  const sorted = times.map((time) => time.getTime()).sort((a, b) => a - b)
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (first === undefined || last === undefined || sorted.length < silence.fewest) return false
  if (last - first < 7 * dayMs) return false
  const gaps = sorted
    .slice(1)
    .map((time, at) => time - sorted[at]!)
    .sort((a, b) => a - b)
  const usual = gaps[Math.floor(0.9 * (gaps.length - 1))]!
  return now.getTime() - last > Math.max(2 * dayMs, 3 * usual)
}
