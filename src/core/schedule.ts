import { Temporal } from 'temporal-polyfill'
import { type Holiday, isHoliday, opensWithin } from './holidays.ts'
import { openingsOf } from './openings.ts'
import type { Step, Weekday, Window } from './sequence.ts'

/** When a delivery falls due, and when the window it fell into closes (null: it never does). */
export type Plan = { dueAt: Date; windowClosesAt: Date | null }

/** A window that stays shut for a year is a mistake, in the sequence or in the holidays. */
const longestClosure = 366
/** Past the longest closure, with room for a day that is over and one whose hours the clocks skip. */
const searchDays = 2 * longestClosure

/**
 * When a step is due: `delayDays` calendar days after `after`, at the same hour of the lead's zone,
 * then moved forward into the step's window. Holidays close a window, in the lead's own calendar.
 * For a time that daylight saving skips, the hour after; of one it repeats, the first pass. Windows go by the clock on
 * the wall: they are shut in what is skipped, and open in both passes of what is repeated.
 */
export function planStep(
  step: Pick<Step, 'delayDays' | 'window'>,
  after: Date,
  timeZone: string,
  holidays: readonly Holiday[],
): Plan {
  const wanted = zoned(after, timeZone).add({ days: step.delayDays })
  return step.window
    ? intoWindow(step.window, wanted, holidays)
    : { dueAt: toDate(wanted), windowClosesAt: null }
}

/** The next moment, at `earliest` or later, at which the window is open. Used when a delivery cannot go as planned. */
export function replanStep(
  window: Window | null,
  earliest: Date,
  timeZone: string,
  holidays: readonly Holiday[],
): Plan {
  return window
    ? intoWindow(window, zoned(earliest, timeZone), holidays)
    : { dueAt: earliest, windowClosesAt: null }
}

/** True for a window that planning always finds open: it needs hours, and every year a day that is no holiday. */
export function opensEveryYear(window: Window, holidays: readonly Holiday[]): boolean {
  return window.from < window.to && opensWithin(longestClosure, window.days, holidays)
}

/** True for a name that the time-zone database knows. */
export function isTimeZone(name: string): boolean {
  try {
    zoned(new Date(0), name)
    return /[A-Za-z]/.test(name)
  } catch {
    return false
  }
}

function intoWindow(window: Window, wanted: Temporal.ZonedDateTime, holidays: readonly Holiday[]): Plan {
  const earliest = wanted.epochMilliseconds
  for (let days = 0; days < searchDays; days++) {
    const date = wanted.toPlainDate().add({ days })
    if (!window.days.includes(date.dayOfWeek as Weekday) || isHoliday(holidays, date.toString())) continue
    const opening = openingsOf(date, window, wanted.timeZoneId).find(({ closes }) => earliest < closes)
    if (opening)
      return { dueAt: new Date(Math.max(earliest, opening.opens)), windowClosesAt: new Date(opening.closes) }
  }
  throw new Error(
    'The window is never open: it needs a day without a holiday, and an end later than its start',
  )
}

const zoned = (date: Date, timeZone: string) =>
  Temporal.Instant.fromEpochMilliseconds(date.getTime()).toZonedDateTimeISO(timeZone)

const toDate = (moment: Temporal.ZonedDateTime) => new Date(moment.epochMilliseconds)
