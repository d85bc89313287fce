import { asUtc, instantOf, wallAt } from '../core/local-time.ts'

/**
 * The clinic's calendar once more, from what the sequence promises and by way of Intl alone:
 * days 0, 1, 3, 6, 9, 14 and 20; after the first mail only on weekdays from 8 to 19 o'clock where the lead is.
 */
const delays = [0, 1, 2, 3, 3, 5, 6]
export const stepKeys = delays.map((_, index) => `lesson-${index + 1}`)

const day = 86_400_000
const [opens, closes] = [8 * 60, 19 * 60]

export function isInWindow(at: Date, zone: string): boolean {
  const { year, month, day: date, hour, minute } = wallAt(at.getTime(), zone)
  const weekday = new Date(Date.UTC(year, month - 1, date)).getUTCDay()
  const minutes = hour * 60 + minute
  return weekday >= 1 && weekday <= 5 && minutes >= opens && minutes < closes
}

/** The earliest moment at which step `index` may go out, when the step before it was accepted at `after`. */
export function earliest(index: number, after: Date, zone: string): Date {
  return new Date(instantOf(asUtc(wallAt(after.getTime(), zone)) + delays[index]! * day, zone))
}

/** Ms until the window that is open at `at` closes; null when none is. */
export function msToClosing(at: Date, zone: string): number | null {
  if (!isInWindow(at, zone)) return null
  const { hour, minute, second } = wallAt(at.getTime(), zone)
  return (closes - hour * 60 - minute) * 60_000 - second * 1_000
}
