import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isTimeZone, planStep, replanStep } from '../../src/core/schedule.ts'
import type { Weekday, Window } from '../../src/core/sequence.ts'
import { asUtc, instantOf, transitions, wallAt } from './local-time.ts'

const zones = Intl.supportedValuesOf('timeZone')
const hour = 3_600_000
const day = 24 * hour
const yearStart = Date.UTC(2026, 0, 1)
const yearEnd = Date.UTC(2027, 0, 1)

type Span = { opens: number; closes: number }

const minutesOf = (time: string) => {
  const [hours, minutes] = time.split(':').map(Number)
  return hours! * 60 + minutes!
}

/** The first span of the window that has not closed at `instant`, worked out day by day on the wall. */
function nextSpan(window: Window, instant: number, zone: string): Span {
  const { year, month, day: date } = wallAt(instant, zone)
  for (let days = 0; days < 20; days++) {
    const midnight = Date.UTC(year, month - 1, date + days)
    const weekday = (new Date(midnight).getUTCDay() || 7) as Weekday
    if (!window.days.includes(weekday)) continue
    const opens = instantOf(midnight + minutesOf(window.from) * 60_000, zone)
    const closes = instantOf(midnight + minutesOf(window.to) * 60_000, zone)
    if (Math.max(instant, opens) < closes) return { opens, closes }
  }
  throw new Error('no span in 20 days')
}

/** The same hour on the wall, `days` calendar days later. */
const shifted = (instant: number, days: number, zone: string) =>
  days === 0 ? instant : instantOf(asUtc(wallAt(instant, zone)) + days * day, zone) + (instant % 1_000)

/** Due as early as may be: at the wanted time, or when the next span opens. */
function expectedPlan(window: Window, after: number, delayDays: number, zone: string) {
  const wanted = shifted(after, delayDays, zone)
  const { opens, closes } = nextSpan(window, wanted, zone)
  return { wanted, dueAt: Math.max(wanted, opens), closes }
}

const twoDigits = (value: number) => String(value).padStart(2, '0')
const time = (minutes: number) =>
  `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}` as `${number}:${number}`

const windows = fc
  .tuple(
    fc.subarray([1, 2, 3, 4, 5, 6, 7] as Weekday[], { minLength: 1 }),
    fc.integer({ min: 0, max: 23 * 60 }),
    // An hour at least: a shorter one may fall into an hour that the clocks skip, and there is none of it that day.
    fc.integer({ min: 61, max: 23 * 60 }),
  )
  .map(([days, from, length]): Window => ({
    days,
    from: time(from),
    to: time(Math.min(from + length, 23 * 60 + 59)),
  }))
const officeHours: Window = { days: [1, 2, 3, 4, 5], from: '08:00', to: '19:00' }

function check(window: Window, after: number, delayDays: number, zone: string): void {
  const plan = planStep({ delayDays, window }, new Date(after), zone)
  const { wanted, dueAt, closes } = expectedPlan(window, after, delayDays, zone)
  const context = `${zone} ${JSON.stringify(window)} ${new Date(after).toISOString()} +${delayDays}`
  expect(`${context} ${plan.dueAt.toISOString()}`).toBe(`${context} ${new Date(dueAt).toISOString()}`)
  expect(plan.windowClosesAt!.getTime()).toBe(closes)
  expect(plan.dueAt.getTime()).toBeGreaterThanOrEqual(wanted)
  expect(plan.windowClosesAt! > plan.dueAt).toBe(true)
}

describe('a plan is the earliest moment inside the window', () => {
  test('in every zone, at any time, for any window', () => {
    const zone = fc.constantFrom(...zones)
    const after = fc.integer({ min: yearStart, max: yearEnd })
    const delay = fc.integer({ min: 0, max: 30 })
    fc.assert(
      fc.property(windows, after, delay, zone, (window, instant, delayDays, name) =>
        check(window, instant, delayDays, name),
      ),
      { numRuns: 1_500 },
    )
  }, 120_000)

  test('around every change of the clocks in every zone, both ways', () => {
    let changes = 0
    for (const zone of zones)
      for (const change of transitions(zone, yearStart, yearEnd)) {
        changes++
        for (const offset of [-25 * hour, -90 * 60_000, -1, 0, 90 * 60_000])
          for (const delayDays of [0, 1]) check(officeHours, change + offset, delayDays, zone)
        const night: Window = { days: [1, 2, 3, 4, 5, 6, 7], from: '00:30', to: '04:00' }
        for (const offset of [-2 * hour, 0, 30 * 60_000]) check(night, change + offset, 0, zone)
      }
    expect(changes).toBeGreaterThan(100)
  }, 120_000)

  test('and it never runs backwards, but for the hour that the clocks repeat or skip', () => {
    const zone = fc.constantFrom(...zones)
    const after = fc.integer({ min: yearStart, max: yearEnd })
    fc.assert(
      fc.property(
        windows,
        after,
        fc.integer({ min: 0, max: 3 * day }),
        fc.integer({ min: 0, max: 10 }),
        zone,
        (window, instant, gap, delayDays, name) => {
          const first = planStep({ delayDays, window }, new Date(instant), name)
          const second = planStep({ delayDays, window }, new Date(instant + gap), name)
          expect(second.dueAt.getTime()).toBeGreaterThanOrEqual(first.dueAt.getTime() - 2 * hour)
        },
      ),
      { numRuns: 500 },
    )
  }, 120_000)

  test('planning again inside the window changes nothing, and outside finds the next one', () => {
    const zone = fc.constantFrom(...zones)
    const now = fc.integer({ min: yearStart, max: yearEnd })
    fc.assert(
      fc.property(windows, now, zone, (window, instant, name) => {
        const plan = replanStep(window, new Date(instant), name)
        expect(replanStep(window, plan.dueAt, name)).toEqual(plan)
        const after = replanStep(window, plan.windowClosesAt!, name)
        expect(after.dueAt >= plan.windowClosesAt!).toBe(true)
      }),
      { numRuns: 500 },
    )
  }, 120_000)
})

describe('in New York', () => {
  const zone = 'America/New_York'
  const plan = (after: string, delayDays: number, window: Window | null) => {
    const { dueAt, windowClosesAt } = planStep({ delayDays, window }, new Date(after), zone)
    return [dueAt.toISOString(), windowClosesAt?.toISOString() ?? null]
  }

  test.each([
    ['the day after, at the same hour', '2026-03-04T15:00:00Z', 1, '2026-03-05T15:00:00.000Z'],
    ['over a weekend', '2026-03-06T15:00:00Z', 1, '2026-03-09T12:00:00.000Z'],
    ['too early in the day', '2026-03-04T06:00:00Z', 1, '2026-03-05T13:00:00.000Z'],
    ['too late in the day', '2026-03-05T01:00:00Z', 1, '2026-03-06T13:00:00.000Z'],
    ['over the change to summer time', '2026-03-06T20:00:00Z', 3, '2026-03-09T19:00:00.000Z'],
    ['over the change to winter time', '2026-10-30T19:00:00Z', 3, '2026-11-02T20:00:00.000Z'],
  ])('%s', (_what, after, delayDays, due) => {
    expect(plan(after, delayDays, officeHours)[0]).toBe(due)
  })

  test('at the very end of a window it is the next one', () => {
    expect(plan('2026-03-05T00:00:00Z', 0, officeHours)).toEqual([
      '2026-03-05T13:00:00.000Z',
      '2026-03-06T00:00:00.000Z',
    ])
  })

  test('without a window there is no waiting and no end', () => {
    expect(plan('2026-03-07T03:00:00Z', 0, null)).toEqual(['2026-03-07T03:00:00.000Z', null])
  })
})

test('a window that is never open is said so', () => {
  const never: Window = { days: [], from: '08:00', to: '19:00' }
  const inverted: Window = { ...officeHours, from: '19:00', to: '08:00' }
  for (const window of [never, inverted])
    expect(() => planStep({ delayDays: 0, window }, new Date(yearStart), 'UTC')).toThrow('never open')
})

test('zones are known by their names, and by nothing else', () => {
  for (const zone of [...zones, 'UTC', 'US/Eastern']) expect(isTimeZone(zone)).toBe(true)
  for (const zone of ['', 'Mars/Olympus', '+05:00', '5', 'EST5EDT4'])
    expect([zone, isTimeZone(zone)]).toEqual([zone, false])
})
