import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { afterLookBack, longestBlindMs, moveMark, mustLookBack } from '../../src/core/claim-mark.ts'

const place = { dueAt: '2026-03-04 15:00:00.123456+00', id: 'ffffffff-ffff-7fff-bfff-ffffffffffff' }
const look = fc.record({
  found: fc.nat(400),
  full: fc.boolean(),
  tookMs: fc.double({ min: 0, max: 1e7, noNaN: true }),
  pauseMs: fc.nat(1e5),
})

describe('the claim mark', () => {
  test('is never trusted for longer than five seconds, whatever the looks behind it cost', () => {
    fc.assert(
      fc.property(fc.array(look), fc.integer({ min: 0, max: 1e5 }), (looks, laterMs) => {
        let now = 1e12
        let mark = moveMark(null, place, now)
        for (const { pauseMs, ...one } of looks) {
          mark = moveMark(afterLookBack(mark, { ...one, endMs: now }), place, now)
          expect(mustLookBack(mark, now + longestBlindMs + laterMs)).toBe(true)
          now += pauseMs
        }
        expect(mustLookBack(mark, now + longestBlindMs)).toBe(true)
      }),
    )
  })

  test('rests after a look so that looking takes a twentieth of the time, but not while looks find plenty', () => {
    const mark = moveMark(null, place, 0)
    const rested = afterLookBack(mark, { found: 0, full: false, tookMs: 10, endMs: 1_000 })
    expect([mustLookBack(rested, 1_199), mustLookBack(rested, 1_200)]).toEqual([false, true])
    expect(
      mustLookBack(afterLookBack(mark, { found: 400, full: true, tookMs: 10, endMs: 1_000 }), 1_000),
    ).toBe(true)
  })
})
