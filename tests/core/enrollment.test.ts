import { expect, test } from 'vitest'
import { outcomeOf, type Standing } from '../../src/core/enrollment.ts'

const fresh: Standing = { suppressed: false, enrollments: [], booked: false, refused: false }

test.each<[string, Partial<Standing>]>([
  ['enrolled', {}],
  ['without-consent', { refused: true }],
  ['finished', { enrollments: ['finished'] }],
  ['finished', { enrollments: ['stopped', 'finished'], refused: true }],
  ['booked', { booked: true, refused: true }],
  ['booked', { booked: true, enrollments: ['stopped'] }],
  ['attached', { enrollments: ['active'], booked: true }],
  ['attached', { enrollments: ['held', 'finished'], refused: true }],
  ['suppressed', { suppressed: true, enrollments: ['active'], booked: true, refused: true }],
])('%s: %o', (outcome, standing) => {
  expect(outcomeOf({ ...fresh, ...standing })).toBe(outcome)
})
