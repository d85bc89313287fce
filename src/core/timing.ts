import { Temporal } from 'temporal-polyfill'
import type { CopyFinding } from './copy.ts'
import type { Holiday } from './holidays.ts'
import { opensEveryYear, planStep } from './schedule.ts'
import type { Sequence, Timings, Weekday } from './sequence.ts'

/** Longest pause between two mails: after more of it a reader has forgotten whom they asked. */
const delayDaysMost = 60

const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
/** Shorter windows let a backlog of a busy day slip to the next one. */
const shortestWindow = 60

/** What keeps timings from being published, and what a person should look at; `field` is `lesson-2.window`. */
export function timingFindings(
  sequence: Sequence,
  timings: Timings,
  { openingDays, holidays }: { openingDays: readonly Weekday[]; holidays: readonly Holiday[] },
): CopyFinding[] {
  const findings: CopyFinding[] = []
  const add = (level: CopyFinding['level'], field: string, message: string) =>
    findings.push({ level, field, message })
  for (const [key, { delayDays, window }] of Object.entries(timings)) {
    const step = sequence.steps.find((one) => one.key === key)
    if (!step) {
      add('refuse', key, 'is no step of this sequence any more: take its change back')
      continue
    }
    if (!step.window) {
      add('refuse', key, 'answers the form at once, so its time cannot be changed')
      continue
    }
    if (!Number.isInteger(delayDays) || delayDays < 1 || delayDays > delayDaysMost)
      add('refuse', `${key}.delayDays`, `expected a whole number of days from 1 to ${delayDaysMost}`)
    if (window.days.length === 0) add('refuse', `${key}.window`, 'is open on no day: choose at least one')
    else if (minutes(window.to) - minutes(window.from) < shortestWindow)
      add('refuse', `${key}.window`, 'is open for less than an hour: let it end later, or start earlier')
    else if (!opensEveryYear(window, holidays))
      add('refuse', `${key}.window`, 'stays shut for a year or more with the holidays: choose more days')
    if (window.days.some((day) => !openingDays.includes(day)))
      add('warn', `${key}.window`, 'holds a day on which the clinic is closed: nobody answers who is called')
  }
  return findings
}

/** One mail of an example: when it goes out if nothing delays it. */
export type DatedStep = { key: string; dueAt: Date }

/** When a lead of this zone who fills in the form at `start` gets each mail of the sequence. */
export function datedSteps(
  sequence: Sequence,
  start: Date,
  timeZone: string,
  holidays: readonly Holiday[],
): DatedStep[] {
  let after = start
  return sequence.steps.map((step) => {
    after = planStep(step, after, timeZone, holidays).dueAt
    return { key: step.key, dueAt: after }
  })
}

/**
 * The instant of a local time such as `2026-11-20T20:00` in a zone; one that the clocks skip is the moment they jump to.
 * Null for what is no time.
 */
export function instantOf(local: string, timeZone: string): Date | null {
  try {
    return new Date(Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone).epochMilliseconds)
  } catch {
    return null
  }
}
