import { asUtc, instantOf, wallAt } from '../core/local-time.ts'

/**
 * The clinic's calendar once more, from what the sequence promises and by way of Intl alone:
 * days 0, 1, 3, 6, 9, 14 and 20; after the first mail only on weekdays from 8 to 19 o'clock where the lead is, and not
 * on a holiday.
 */
const delays = [0, 1, 2, 3, 3, 5, 6]
export const stepKeys = delays.map((_, index) => `lesson-${index + 1}`)

const day = 86_400_000
const [opens, closes] = [8 * 60, 19 * 60]

/** What the children are told of holidays: a Thursday and Friday, and a Tuesday of every year. */
export const holidays = '2026-03-05..2026-03-06, --03-17'
const isHoliday = (month: number, date: number) => month === 3 && [5, 6, 17].includes(date)

export function isInWindow(at: Date, zone: string): boolean {
  const { year, month, day: date, hour, minute } = wallAt(at.getTime(), zone)
  const weekday = new Date(Date.UTC(year, month - 1, date)).getUTCDay()
  const minutes = hour * 60 + minute
  const isOpen = weekday >= 1 && weekday <= 5 && !isHoliday(month, date)
  return isOpen && minutes >= opens && minutes < closes
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
