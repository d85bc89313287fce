import { Temporal } from 'temporal-polyfill'
import type { Holiday } from './holidays.ts'
import { type Plan, planStep, replanStep } from './schedule.ts'
import type { Step } from './sequence.ts'

/** How a lead wants the mails of an enrollment. */
export type Pace = {
  /** Twice the time between two mails: all of them still come, in their order. */
  slow: boolean
  /** None before this; null when they go on. */
  pausedUntil: Date | null
}

export const usualPace: Pace = { slow: false, pausedUntil: null }

/** When a step is due after `after`, as the lead wants its mails. */
export function planAtPace(
  step: Pick<Step, 'delayDays' | 'window'>,
  after: Date,
  timeZone: string,
  holidays: readonly Holiday[],
  { slow, pausedUntil }: Pace,
): Plan {
  const delayDays = slow ? 2 * step.delayDays : step.delayDays
  const plan = planStep({ ...step, delayDays }, after, timeZone, holidays)
  return pausedUntil !== null && plan.dueAt < pausedUntil
    ? replanStep(step.window, pausedUntil, timeZone, holidays)
    : plan
}

/** The same hour a calendar month later in that zone, or on the last day of a shorter month. */
export function monthAfter(at: Date, timeZone: string): Date {
  const { epochMilliseconds } = Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(timeZone)
    .add({ months: 1 })
  return new Date(epochMilliseconds)
}
