import { describe, expect, test } from 'vitest'
import { isConsentEnough } from '../../src/core/consent.ts'
import { outcomeOf, type Past, type Standing } from '../../src/core/enrollment.ts'
import { hashSequence, sequences } from '../../src/sequences/index.ts'

const now = new Date('2026-03-04T15:00:00Z')
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)
const past = (status: Past['status'], days = 10, sequence = 'lessons'): Past => ({
  sequence,
  status,
  endedAt: status === 'active' || status === 'held' ? null : daysAgo(days),
})

const fresh: Standing = {
  sequence: 'lessons',
  again: 'once',
  suppressed: false,
  enrollments: [],
  booked: false,
  impossible: false,
  consented: true,
  confirmed: true,
}

test.each<[string, Partial<Standing>]>([
  ['enrolled', {}],
  ['without-consent', { consented: false }],
  ['without-consent', { consented: false, confirmed: false }],
  ['unconfirmed', { confirmed: false }],
  ['impossible', { impossible: true, consented: false }],
  ['finished', { enrollments: [past('finished')] }],
  ['finished', { enrollments: [past('stopped'), past('finished')], consented: false }],
  ['booked', { booked: true, consented: false, impossible: true }],
  ['booked', { booked: true, enrollments: [past('stopped')] }],
  ['attached', { enrollments: [past('active')], booked: true }],
  ['attached', { enrollments: [past('active', 0, 'others')] }],
  ['attached', { enrollments: [past('held'), past('finished')], consented: false }],
  ['suppressed', { suppressed: true, enrollments: [past('active')], booked: true, consented: false }],
])('%s: %o', (outcome, standing) => {
  expect(outcomeOf({ ...fresh, ...standing }, now)).toBe(outcome)
})

describe('a second time through a sequence', () => {
  test.each<[string, Standing['again'], readonly Past[]]>([
    ['finished', 'once', [past('finished', 3_000)]],
    ['enrolled', 'once', [past('finished', 1, 'others')]],
    ['finished', { afterDays: 90 }, [past('finished', 89)]],
    ['enrolled', { afterDays: 90 }, [past('finished', 90)]],
    ['finished', { afterDays: 90 }, [past('finished', 400), past('stopped', 20)]],
    ['attached', { afterDays: 90 }, [past('active')]],
    ['enrolled', 'while-not-active', [past('stopped', 0)]],
    ['attached', 'while-not-active', [past('held'), past('finished')]],
  ])('%s by %j', (outcome, again, enrollments) => {
    expect(outcomeOf({ ...fresh, again, enrollments }, now)).toBe(outcome)
  })
})

test('who may enter is no part of what an enrollment follows', () => {
  const sequence = sequences['back-spasms']!
  const other = { ...sequence, entry: { consent: ['ticked'], again: 'while-not-active' } } as const
  expect(hashSequence(other)).toBe(hashSequence(sequence))
  const [first, ...rest] = sequence.steps
  expect(hashSequence({ ...sequence, steps: [{ ...first, delayDays: 1 }, ...rest] })).not.toBe(
    hashSequence(sequence),
  )
})

test.each([
  [true, ['ticked', 'inquiry'], ['inquiry'], false],
  [false, ['ticked', 'inquiry'], ['inquiry'], true],
  [true, ['ticked', 'inquiry'], ['inquiry', 'ticked'], true],
  [false, ['ticked'], ['inquiry'], false],
  [false, ['ticked'], ['imported'], false],
  [true, ['imported'], ['imported'], true],
  [true, ['ticked'], ['confirmed'], true],
  [false, ['inquiry'], [], false],
] as const)('%s: needs one of %j, has %j, express %s', (enough, needed, given, express) => {
  expect(isConsentEnough(needed, given, express)).toBe(enough)
})
