import { expect, test } from 'vitest'
import { datedSteps } from '../../src/core/timing.ts'
import { sequences } from '../../src/sequences/index.ts'

const at = (date: Date, timeZone: string) =>
  date.toLocaleString('en-US', {
    timeZone,
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
  })

test('an example counts each mail from the one before, in the reader’s zone, over weekends and holidays', () => {
  // A Friday evening, after hours on the clinic's coast and before their end on the other.
  const start = new Date('2026-11-21T01:00:00Z')
  const holidays = [{ from: '--11-26', to: '--11-27' }]
  const inZone = (zone: string) =>
    datedSteps(sequences['back-spasms']!, start, zone, holidays).map(
      ({ key, dueAt }) => `${key} ${at(dueAt, zone)}`,
    )
  expect(inZone('America/New_York').slice(0, 4)).toEqual([
    'lesson-1 Fri, Nov 20, 8 PM',
    'lesson-2 Mon, Nov 23, 8 AM',
    'lesson-3 Wed, Nov 25, 8 AM',
    'lesson-4 Mon, Nov 30, 8 AM',
  ])
  expect(inZone('America/Los_Angeles').slice(0, 2)).toEqual([
    'lesson-1 Fri, Nov 20, 5 PM',
    'lesson-2 Mon, Nov 23, 8 AM',
  ])
})

test('no two sequences have a step of one name: deliveries are counted by it', () => {
  const keys = Object.values(sequences).flatMap(({ steps }) => steps.map(({ key }) => key))
  expect(new Set(keys).size).toBe(keys.length)
})
