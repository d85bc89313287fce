import { expect, test } from 'vitest'
import { isRefusing, isSilent, nextDigest } from '../../src/core/alert.ts'

const at = (text: string) => new Date(text)

test.each([
  ['later today', '2026-03-04T10:00:00Z', '2026-03-04T13:00:00.000Z'],
  ['tomorrow, at the very hour', '2026-03-04T13:00:00Z', '2026-03-05T13:00:00.000Z'],
  ['tomorrow, over the change of the clocks', '2026-03-07T20:00:00Z', '2026-03-08T12:00:00.000Z'],
])('the next digest is %s', (_, after, digest) => {
  expect(nextDigest(at(after), 8, 'America/New_York').toISOString()).toBe(digest)
})

const hours = (...ago: number[]) =>
  ago.map((hour) => new Date(at('2026-03-31T12:00:00Z').getTime() - hour * 3_600_000))
const now = at('2026-03-31T12:00:00Z')
/** Two a day until `last` hours ago. */
const daily = (last: number) => hours(...Array.from({ length: 20 }, (_, each) => last + each * 12))

test.each([
  ['sends as ever', daily(10), false],
  ['has a weekend', daily(47), false],
  ['has sent nothing for longer', daily(49), true],
  ['sends once a week', hours(170, 338, 506, 674, 842, 1010), false],
  ['sent once a week', hours(520, 688, 856, 1024, 1192, 1360), true],
  ['was tried on one day', hours(100, 101, 102, 103, 104, 105, 106), false],
  ['sent too little to tell', hours(500, 700, 900), false],
  ['never sent', [], false],
])('a source that %s: silent %s', (_, times, silent) => {
  expect(isSilent(times, now)).toBe(silent)
})

test.each([
  [5, 10, true],
  [4, 60, false],
  [50, 9, false],
])('%i refusals over %i minutes: %s', (count, minutes, refusing) => {
  expect(isRefusing({ count, since: new Date(now.getTime() - minutes * 60_000) }, now)).toBe(refusing)
})
