import { expect, it } from 'vitest'
import { duplicateKey } from '../../src/capture/duplicate-key.ts'
import { mapFields } from '../../src/capture/map-fields.ts'
import type { SubmittedField } from '../../src/core/submission.ts'

const at = new Date('2026-11-22T10:01:30Z')
const leadOf = (values: Record<string, string>) =>
  mapFields({ fields: Object.entries(values).map(([key, value]): SubmittedField => ({ key, value })) }, null)
    .lead
const values = { email: 'Pat@Example.com', name: 'Pat Lee', utm_source: 'google', utm_medium: 'cpc' }
const key = (changed: Record<string, string> = {}, formId: string | null = 'f1', time = at) =>
  duplicateKey(formId, leadOf({ ...values, ...changed }), time)

it('is the same for the same answers, however they are ordered and the address is typed', () => {
  expect(key()).toMatch(/^[0-9a-f]{64}$/)
  expect(duplicateKey('f1', leadOf(Object.fromEntries(Object.entries(values).toReversed())), at)).toBe(key())
  expect(key({ email: 'PAT@example.COM ' })).toBe(key())
  expect(key({ unmapped: 'x' })).toBe(key())
})

it('differs by form, person and answer', () => {
  const keys = [
    key(),
    key({}, 'f2'),
    key({}, null),
    key({ email: 'sam@example.com' }),
    key({ name: 'Pat Li' }),
    key({ utm_source: 'bing' }),
  ]
  expect(new Set(keys).size).toBe(keys.length)
})

it('holds for a slot of ten minutes', () => {
  expect(key({}, 'f1', new Date('2026-11-22T10:09:59.999Z'))).toBe(key())
  expect(key({}, 'f1', new Date('2026-11-22T10:00:00Z'))).toBe(key())
  expect(key({}, 'f1', new Date('2026-11-22T10:10:00Z'))).not.toBe(key())
})
