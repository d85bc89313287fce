import type { Holiday } from './holidays.ts'
import { type Plan, replanStep } from './schedule.ts'
import type { Window } from './sequence.ts'

/**
 * When each of many may be sent who all came at once: `perDay` in each opening of the window, evenly over its hours,
 * from the first one that begins after `from`. Ask for them by their number, from 0 on.
 */
export function spreadOver(
  window: Window,
  {
    from,
    perDay,
    timeZone,
    holidays,
  }: { from: Date; perDay: number; timeZone: string; holidays: readonly Holiday[] },
): (index: number) => Date {
  const openings: Plan[] = []
  const next = (after: Date) => replanStep(window, after, timeZone, holidays)
  const current = next(from)
  let end = current.dueAt > from ? from : current.windowClosesAt!
  return (index) => {
    const day = Math.floor(index / perDay)
    while (openings.length <= day) {
      const opening = next(end)
      openings.push(opening)
      end = opening.windowClosesAt!
    }
    const { dueAt, windowClosesAt } = openings[day]!
    const share = (index % perDay) / perDay
    return new Date(dueAt.getTime() + share * (windowClosesAt!.getTime() - dueAt.getTime()))
  }
}
