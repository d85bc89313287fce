import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quotaDayAt, quotaResetsAt } from '../../src/core/provider-day.ts'

const at = (text: string) => new Date(text)

test('the day begins a minute past midnight in UTC', () => {
  expect(quotaDayAt(at('2026-03-04T00:00:59.999Z'))).toBe('2026-03-03')
  expect(quotaDayAt(at('2026-03-04T00:01:00.000Z'))).toBe('2026-03-04')
  expect(quotaResetsAt(at('2026-03-04T00:00:30Z'))).toEqual(at('2026-03-04T00:01:00Z'))
  expect(quotaResetsAt(at('2026-12-31T12:00:00Z'))).toEqual(at('2027-01-01T00:01:00Z'))
})

test('a reset is ahead, a day at most, and the next day begins with it', () => {
  fc.assert(
    fc.property(fc.date({ min: at('2020-01-01'), max: at('2040-01-01'), noInvalidDate: true }), (wall) => {
      const resets = quotaResetsAt(wall)
      expect(resets > wall && resets.getTime() - wall.getTime() <= 86_400_000).toBe(true)
      expect(quotaDayAt(resets) > quotaDayAt(wall)).toBe(true)
      expect(quotaDayAt(new Date(resets.getTime() - 1))).toBe(quotaDayAt(wall))
    }),
  )
})
