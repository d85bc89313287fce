import { expect, test } from 'vitest'
import { addressFlags } from '../../src/capture/values/address-flags.ts'

test.each([
  ['pat@gmail.com', []],
  ['pat.lee+tag@xn--mnchen-3ya.de', []],
  ['info@clinic-of-pat.com', ['role']],
  ['No-Reply@clinic-of-pat.com', ['role']],
  ['front.desk+forms@clinic-of-pat.com', ['role']],
  ['information.pat@gmail.com', []],
  ['pat@mailinator.com', ['disposable']],
  ['pat@deep.mailinator.com', ['disposable']],
  ['pat@not-mailinator.com', []],
  ['pat@example.com', ['impossible']],
  ['pat@mail.example.org', ['impossible']],
  ['pat@myexample.com', []],
  ['pat@lead.example', ['impossible']],
  ['pat@gmail.cmo', ['impossible']],
  ['pat@printer.local', ['impossible']],
  ['pat@xn--e1afmkfd.xn--p1ai', []],
  ['info@mailinator.invalid', ['role', 'impossible']],
])('%s is %j', (email, flags) => {
  expect(addressFlags(email, false)).toEqual(flags)
})

test('in a sandbox, names kept for examples can be written to', () => {
  expect(addressFlags('pat@lead.example', true)).toEqual([])
  expect(addressFlags('pat@example.com', true)).toEqual([])
  expect(addressFlags('pat@gmail.cmo', true)).toEqual(['impossible'])
})
