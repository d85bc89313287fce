import { expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { planStep } from '../../src/core/schedule.ts'
import { hashSequence, sequences } from '../../src/sequences/index.ts'
import { onOpeningDays } from '../../src/sequences/opening-days.ts'

const brandOf = (env: Record<string, string>) =>
  readConfig(env, () => ({ appSecret: 'x'.repeat(48), resendWebhookSecret: 'whsec_dGVzdA==' })).brand

test('a clinic brings the colours it has, and the rest stays', () => {
  const { colors } = brandOf({ CLINIC_COLORS: 'primary #123ABC, on-primary #fff' })
  expect(colors).toEqual({ ...brandOf({}).colors, primary: '#123abc', onPrimary: '#fff' })
})

test.each([
  '#123abc',
  'primary teal',
  'secondary #123abc',
  'primary #12345',
  'toString #123abc',
  'primary #123abc accent #fff',
])('the colours “%s” stop the start, with what was expected', (value) => {
  expect(() => brandOf({ CLINIC_COLORS: value })).toThrow(/^CLINIC_COLORS is wrong: expected colours such as/)
})

test.each([
  ['Mon-Fri', [1, 2, 3, 4, 5]],
  ['Thu-Sat, mon', [1, 4, 5, 6]],
  ['Sun', [7]],
])('%s are the days %j', (value, days) => {
  expect(brandOf({ CLINIC_OPENING_DAYS: value }).openingDays).toEqual(days)
})

test.each(['Fri-Mon', 'weekdays', 'Mon-Wed-Fri', 'Mon,'])('the days “%s” stop the start', (value) => {
  expect(() => brandOf({ CLINIC_OPENING_DAYS: value })).toThrow(
    /^CLINIC_OPENING_DAYS is wrong: expected days/,
  )
})

test.each([
  ['2026-11-26', [{ from: '2026-11-26', to: '2026-11-26' }]],
  [
    '2026-12-24..2027-01-01, --07-04',
    [
      { from: '2026-12-24', to: '2027-01-01' },
      { from: '--07-04', to: '--07-04' },
    ],
  ],
  ['--12-24 .. --01-01', [{ from: '--12-24', to: '--01-01' }]],
  ['--02-29', [{ from: '--02-29', to: '--02-29' }]],
])('“%s” are the holidays %j', (value, holidays) => {
  expect(brandOf({ CLINIC_HOLIDAYS: value }).holidays).toEqual(holidays)
})

test('without a word there are no holidays', () => {
  expect(brandOf({}).holidays).toEqual([])
})

test.each([
  'Christmas',
  '2026-02-29',
  '2026-13-01',
  '--02-30',
  '--4-7',
  '12-25',
  '2026-12-24,',
  '2027-01-01..2026-12-24',
  '2026-12-24..--12-26',
  '2026-12-24..2026-12-26..2026-12-28',
  '2026-12-24...2026-12-26',
  '1926-12-24',
  '2026-12-24/2027-01-01',
])('the holidays “%s” stop the start, with what was expected', (value) => {
  expect(() => brandOf({ CLINIC_HOLIDAYS: value })).toThrow(
    /^CLINIC_HOLIDAYS is wrong: expected days such as [^\n]+$/,
  )
})

test('mails go out on opening days; the usual ones change no definition', () => {
  const usual = onOpeningDays(sequences, brandOf({}).openingDays)
  expect(hashSequence(usual['back-spasms']!)).toBe(hashSequence(sequences['back-spasms']!))
  const [first, second] = onOpeningDays(sequences, [2, 6])['back-spasms']!.steps
  expect(first.window).toBeNull()
  // A Wednesday: the next opening day is Saturday.
  const wednesday = new Date('2026-03-04T15:00:00Z')
  expect(planStep(second!, wednesday, 'America/New_York', []).dueAt.toISOString()).toBe(
    '2026-03-07T13:00:00.000Z',
  )
})
