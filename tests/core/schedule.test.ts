import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Holiday } from '../../src/core/holidays.ts'
import { isTimeZone, opensEveryYear, planStep, replanStep } from '../../src/core/schedule.ts'
import type { Weekday, Window } from '../../src/core/sequence.ts'
import { asUtc, instantOf, offsetAt, transitions, wallAt } from './local-time.ts'

const zones = Intl.supportedValuesOf('timeZone')
const hour = 3_600_000
const day = 24 * hour
const yearStart = Date.UTC(2026, 0, 1)
const yearEnd = Date.UTC(2027, 0, 1)

type Span = { opens: number; closes: number }
/** Holidays as the planner is told of them, and beside each whether a day (its midnight as UTC, ms) is in it. */
type Closure = { holiday: Holiday; has: (midnight: number) => boolean }

const iso = (midnight: number) => new Date(midnight).toISOString().slice(0, 10)

/** From `first` on, for `length` days. */
function oneTime(first: number, length: number): Closure {
  const last = first + (length - 1) * day
  return {
    holiday: { from: iso(first), to: iso(last) },
    has: (midnight) => first <= midnight && midnight <= last,
  }
}

/** The same, each year. */
function everyYear(first: number, length: number): Closure {
  const last = first + (length - 1) * day
  const inYear = (date: number, year: number) =>
    Date.UTC(year, new Date(date).getUTCMonth(), new Date(date).getUTCDate())
  const over = new Date(last).getUTCFullYear() - new Date(first).getUTCFullYear()
  return {
    holiday: { from: `--${iso(first).slice(5)}`, to: `--${iso(last).slice(5)}` },
    has(midnight) {
      const year = new Date(midnight).getUTCFullYear()
      return [year - 1, year].some(
        (begun) => inYear(first, begun) <= midnight && midnight <= inYear(last, begun + over),
      )
    },
  }
}

const told = (closures: readonly Closure[]) => closures.map(({ holiday }) => holiday)

const minutesOf = (time: string) => {
  const [hours, minutes] = time.split(':').map(Number)
  return hours! * 60 + minutes!
}

/** True while the clock on the wall shows a time of the window, on one of its days and on no holiday. */
function isOpen(window: Window, instant: number, zone: string, closures: readonly Closure[]): boolean {
  const { year, month, day: date, hour: hours, minute } = wallAt(instant, zone)
  const midnight = Date.UTC(year, month - 1, date)
  const weekday = (new Date(midnight).getUTCDay() || 7) as Weekday
  const minutes = hours * 60 + minute
  return (
    window.days.includes(weekday) &&
    !closures.some(({ has }) => has(midnight)) &&
    minutes >= minutesOf(window.from) &&
    minutes < minutesOf(window.to)
  )
}

/**
 * Every moment of a day, and of no other, at which the window may open or shut: its ends by any offset of these days,
 * changes, midnights. One of a later day would be taken for that day's first before its own edges are looked at.
 */
function edges(window: Window, midnight: number, zone: string): number[] {
  const around = [midnight - 36 * hour, midnight + 60 * hour] as const
  const offsets = new Set(around.map((instant) => offsetAt(instant, zone)))
  const times = [0, minutesOf(window.from), minutesOf(window.to)]
  return [
    ...[...offsets].flatMap((offset) => times.map((minutes) => midnight + minutes * 60_000 - offset)),
    ...(offsets.size > 1 ? transitions(zone, ...around) : []),
  ].filter((at) => Math.floor(asUtc(wallAt(at, zone)) / day) * day === midnight)
}

/** From the first open moment at `instant` or later until it shuts, found by looking at the clock on the wall. */
function nextSpan(window: Window, instant: number, zone: string, closures: readonly Closure[]): Span {
  const { year, month, day: date } = wallAt(instant, zone)
  const open = (at: number) => isOpen(window, at, zone, closures)
  const edgesOf = (days: number) =>
    [0, 1, 2]
      .flatMap((later) => edges(window, Date.UTC(year, month - 1, date + days + later), zone))
      .sort((a, b) => a - b)
  for (let days = 0; days < 200; days++) {
    const opens = [instant, ...edgesOf(days)].find((at) => at >= instant && open(at))
    if (opens === undefined) continue
    const closes = [...edgesOf(days), ...edgesOf(days + 3)].find((at) => at > opens && !open(at))
    return { opens, closes: closes! }
  }
  throw new Error('no span in 200 days')
}

/** The same hour on the wall, `days` calendar days later. */
const shifted = (instant: number, days: number, zone: string) =>
  days === 0 ? instant : instantOf(asUtc(wallAt(instant, zone)) + days * day, zone) + (instant % 1_000)

/** Due as early as may be: at the wanted time, or when the next span opens. */
function expectedPlan(
  window: Window,
  after: number,
  delayDays: number,
  zone: string,
  closures: readonly Closure[],
) {
  const wanted = shifted(after, delayDays, zone)
  const { opens, closes } = nextSpan(window, wanted, zone, closures)
  return { wanted, dueAt: Math.max(wanted, opens), closes }
}

const twoDigits = (value: number) => String(value).padStart(2, '0')
const time = (minutes: number) =>
  `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}` as `${number}:${number}`

const windows = fc
  .tuple(
    fc.subarray([1, 2, 3, 4, 5, 6, 7] as Weekday[], { minLength: 1 }),
    fc.integer({ min: 0, max: 23 * 60 + 58 }),
    fc.integer({ min: 1, max: 23 * 60 }),
  )
  .map(([days, from, length]): Window => ({
    days,
    from: time(from),
    to: time(Math.min(from + length, 23 * 60 + 59)),
  }))
const officeHours: Window = { days: [1, 2, 3, 4, 5], from: '08:00', to: '19:00' }

/** Up to three holidays of up to three weeks around the days that follow `after`: one time, or each year. */
const closuresFrom = (after: number) =>
  fc.array(
    fc
      .tuple(fc.boolean(), fc.integer({ min: -10, max: 40 }), fc.integer({ min: 1, max: 21 }))
      .map(([yearly, offset, length]) =>
        (yearly ? everyYear : oneTime)((Math.floor(after / day) + offset) * day, length),
      ),
    { maxLength: 3 },
  )

function check(
  window: Window,
  after: number,
  delayDays: number,
  zone: string,
  closures: readonly Closure[] = [],
): void {
  const plan = planStep({ delayDays, window }, new Date(after), zone, told(closures))
  const { wanted, dueAt, closes } = expectedPlan(window, after, delayDays, zone, closures)
  const holidays = JSON.stringify(told(closures))
  const context = `${zone} ${JSON.stringify(window)} ${new Date(after).toISOString()} +${delayDays} ${holidays}`
  expect(`${context} ${plan.dueAt.toISOString()}`).toBe(`${context} ${new Date(dueAt).toISOString()}`)
  expect(plan.windowClosesAt!.getTime()).toBe(closes)
  expect(plan.dueAt.getTime()).toBeGreaterThanOrEqual(wanted)
  expect(plan.windowClosesAt! > plan.dueAt).toBe(true)
}

describe('a plan is the earliest moment inside the window', () => {
  test('in every zone, at any time, for any window and any holidays', () => {
    const zone = fc.constantFrom(...zones)
    const moment = fc
      .integer({ min: yearStart, max: yearEnd })
      .chain((after) => closuresFrom(after).map((closures) => ({ after, closures })))
    const delay = fc.integer({ min: 0, max: 30 })
    fc.assert(
      fc.property(windows, moment, delay, zone, (window, { after, closures }, delayDays, name) =>
        check(window, after, delayDays, name, closures),
      ),
      { numRuns: 1_500 },
    )
  })

  test('around every change of the clocks in every zone, both ways', () => {
    let changes = 0
    for (const zone of zones)
      for (const change of transitions(zone, yearStart, yearEnd)) {
        changes++
        const { year, month, day: date } = wallAt(change, zone)
        const itsDay = Date.UTC(year, month - 1, date)
        for (const offset of [-25 * hour, -90 * 60_000, -1, 0, 90 * 60_000])
          for (const delayDays of [0, 1]) {
            check(officeHours, change + offset, delayDays, zone)
            check(officeHours, change + offset, delayDays, zone, [oneTime(itsDay, 2)])
          }
        const { hour: hours, minute } = wallAt(change - 1, zone)
        const around = (minutes: number) => time(Math.min(1439, Math.max(0, hours * 60 + minute + minutes)))
        const nights: Pick<Window, 'from' | 'to'>[] = [
          { from: '00:30', to: '04:00' },
          // Within what is skipped or repeated, into it, and out of it.
          ...[
            [-90, -20],
            [-90, 30],
            [-40, 30],
            [-40, 150],
            [-30, -10],
            [10, 40],
            [20, 200],
          ].flatMap(([from = 0, to = 0]) =>
            around(from) < around(to) ? [{ from: around(from), to: around(to) }] : [],
          ),
        ]
        for (const hoursOpen of nights) {
          const night: Window = { days: [1, 2, 3, 4, 5, 6, 7], ...hoursOpen }
          for (const offset of [-2 * hour, -10 * 60_000, 0, 10 * 60_000, 50 * 60_000])
            check(night, change + offset, 0, zone)
          check(night, change, 0, zone, [everyYear(itsDay, 1)])
        }
      }
    expect(changes).toBeGreaterThan(100)
  })

  test('on a Sunday whose clocks change within the window, after three weeks of holidays', () => {
    const sunday: Window = { days: [7], from: '00:00', to: '03:01' }
    const holidays = oneTime(Date.UTC(2026, 2, 5), 18)
    check(sunday, Date.UTC(2026, 1, 15, 18, 38, 14, 695), 14, 'Europe/Ljubljana', [holidays])
  })

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
          const first = planStep({ delayDays, window }, new Date(instant), name, [])
          const second = planStep({ delayDays, window }, new Date(instant + gap), name, [])
          expect(second.dueAt.getTime()).toBeGreaterThanOrEqual(first.dueAt.getTime() - 2 * hour)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('planning again inside the window changes nothing, and outside finds the next one', () => {
    const zone = fc.constantFrom(...zones)
    const moment = fc
      .integer({ min: yearStart, max: yearEnd })
      .chain((now) => closuresFrom(now).map((closures) => ({ now, holidays: told(closures) })))
    fc.assert(
      fc.property(windows, moment, zone, (window, { now, holidays }, name) => {
        const plan = replanStep(window, new Date(now), name, holidays)
        expect(replanStep(window, plan.dueAt, name, holidays)).toEqual(plan)
        const after = replanStep(window, plan.windowClosesAt!, name, holidays)
        expect(after.dueAt >= plan.windowClosesAt!).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

describe('in New York', () => {
  const zone = 'America/New_York'
  const plan = (
    after: string,
    delayDays: number,
    window: Window | null,
    holidays: readonly Holiday[] = [],
  ) => {
    const { dueAt, windowClosesAt } = planStep({ delayDays, window }, new Date(after), zone, holidays)
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

  test('without a window there is no waiting and no end, not even on a holiday', () => {
    const holidays = [{ from: '2026-03-06', to: '2026-03-06' }]
    expect(plan('2026-03-07T03:00:00Z', 0, null, holidays)).toEqual(['2026-03-07T03:00:00.000Z', null])
  })

  test.each<[string, string, Holiday, string]>([
    [
      'the day, by the calendar of the lead and not by UTC',
      '2026-11-25T23:30:00Z',
      { from: '2026-11-26', to: '2026-11-26' },
      '2026-11-25T23:30:00.000Z',
    ],
    [
      'and until its last hour there',
      '2026-11-26T23:30:00Z',
      { from: '2026-11-26', to: '2026-11-26' },
      '2026-11-27T13:00:00.000Z',
    ],
    [
      'both ends of a stretch, and over the year',
      '2026-12-24T15:00:00Z',
      { from: '2026-12-24', to: '2027-01-01' },
      '2027-01-04T13:00:00.000Z',
    ],
    [
      'a day of every year',
      '2029-12-25T15:00:00Z',
      { from: '--12-25', to: '--12-25' },
      '2029-12-26T13:00:00.000Z',
    ],
    [
      'days of every year, over its end',
      '2030-12-31T15:00:00Z',
      { from: '--12-24', to: '--01-02' },
      '2031-01-03T13:00:00.000Z',
    ],
    [
      '29 February, where there is one',
      '2028-02-29T15:00:00Z',
      { from: '--02-29', to: '--02-29' },
      '2028-03-01T13:00:00.000Z',
    ],
  ])('a holiday closes %s', (_what, after, holiday, due) => {
    expect(plan(after, 0, officeHours, [holiday])[0]).toBe(due)
  })
})

const never: Window = { days: [], from: '08:00', to: '19:00' }
const inverted: Window = { ...officeHours, from: '19:00', to: '08:00' }
const everyDay: Holiday = { from: '--01-01', to: '--12-31' }

test('a window that is never open is said so', () => {
  for (const window of [never, inverted])
    expect(() => planStep({ delayDays: 0, window }, new Date(yearStart), 'UTC', [])).toThrow('never open')
  expect(() => replanStep(officeHours, new Date(yearStart), 'UTC', [everyDay])).toThrow('never open')
})

describe('a window opens every year, or it is wrong', () => {
  const mondays: Window = { ...officeHours, days: [1] }
  test.each<[string, boolean, Window, Holiday[]]>([
    ['with no holidays', true, officeHours, []],
    ['without a day', false, never, []],
    ['without hours', false, inverted, []],
    ['with every day a holiday', false, officeHours, [everyDay]],
    [
      'with two halves of the year',
      false,
      officeHours,
      [
        { from: '--01-01', to: '--06-30' },
        { from: '--07-01', to: '--12-31' },
      ],
    ],
    ['with two weeks of the year left', true, mondays, [{ from: '--01-15', to: '--12-31' }]],
    // 1 March is a Monday only once in five to eleven years.
    ['with a weekday that is seldom the day left', false, mondays, [{ from: '--03-02', to: '--02-29' }]],
    ['with most of a year shut, once', true, officeHours, [{ from: '2026-01-05', to: '2026-12-30' }]],
    ['with two years shut, once', false, officeHours, [{ from: '2026-01-01', to: '2027-12-31' }]],
    [
      'with a year shut that a weekend makes longer',
      false,
      officeHours,
      [
        // From a Saturday: closed from the Friday before, which is a holiday, to the Sunday after.
        { from: '2026-01-02', to: '2027-01-01' },
      ],
    ],
  ])('%s: %s', (_what, expected, window, holidays) => {
    expect(opensEveryYear(window, holidays)).toBe(expected)
  })

  test('and then planning finds it, whenever one asks', () => {
    const holidays = [
      { from: '2026-01-12', to: '2026-12-30' },
      { from: '--01-01', to: '--01-03' },
    ]
    expect(opensEveryYear(mondays, holidays)).toBe(true)
    for (let at = yearStart; at < yearEnd; at += 11 * hour)
      expect(
        replanStep(mondays, new Date(at), 'Asia/Tokyo', holidays).dueAt.getTime(),
      ).toBeGreaterThanOrEqual(at)
  })
})

test('zones are known by their names, and by nothing else', () => {
  for (const zone of [...zones, 'UTC', 'US/Eastern']) expect(isTimeZone(zone)).toBe(true)
  for (const zone of ['', 'Mars/Olympus', '+05:00', '5', 'EST5EDT4'])
    expect([zone, isTimeZone(zone)]).toEqual([zone, false])
})
