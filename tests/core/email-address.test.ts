import { describe, expect, it } from 'vitest'
import { emailKey, foldedEmailKey, isEmailAddress } from '../../src/core/email-address.ts'

describe('isEmailAddress', () => {
  it.each([
    'pat@example.com',
    "o'brien+clinic@mail.example.co.uk",
    'a@b.io',
    'A.B_c-d@xn--mnchen-3ya.de',
    'x@y.xn--p1ai',
    `${'l'.repeat(64)}@${'d'.repeat(63)}.com`,
  ])('takes %s', (address) => {
    expect(isEmailAddress(address)).toBe(true)
  })

  it.each([
    '',
    '@',
    'pat',
    'pat@',
    '@example.com',
    'pat@localhost',
    'pat@@example.com',
    'pat@home@example.com',
    'pat lee@example.com',
    '.pat@example.com',
    'pat.@example.com',
    'p..t@example.com',
    '"pat"@example.com',
    'pat@example.com,sam@example.com',
    'Pat <pat@example.com>',
    'pat@example.com\r\nBcc: sam@example.com',
    'pat\n@example.com',
    'pat@127.0.0.1',
    'pat@[127.0.0.1]',
    'pat@example.com.',
    'pat@-example.com',
    'pat@exa_mple.com',
    'pat@example.c',
    'pát@example.com',
    'pat@EXAMPLE.com',
    'pat\u202E@example.com',
    `${'l'.repeat(65)}@example.com`,
    `pat@${'d'.repeat(64)}.com`,
    `pat@${'d.'.repeat(130)}com`,
  ])('refuses %j', (address) => {
    expect(isEmailAddress(address)).toBe(false)
  })
})

it('makes one key of all spellings in other letter case, and keeps the tag', () => {
  expect(emailKey(' Pat+Site@Example.COM ')).toBe('pat+site@example.com')
})

describe('foldedEmailKey', () => {
  it.each([
    ['Pat+site@Example.com', 'pat@example.com'],
    ['p.a.t+a+b@example.com', 'p.a.t@example.com'],
    ['p.a.t+site@gmail.com', 'pat@gmail.com'],
    ['P.at@GoogleMail.com', 'pat@gmail.com'],
    ['pat@notgmail.com', 'pat@notgmail.com'],
    ['p.at@mail.gmail.com', 'p.at@mail.gmail.com'],
    ['+tag@example.com', '+tag@example.com'],
  ])('folds %s to %s', (address, key) => {
    expect(foldedEmailKey(address)).toBe(key)
  })

  it('changes nothing more when folded again', () => {
    expect(foldedEmailKey(foldedEmailKey('P.a+t@googlemail.com'))).toBe('pa@gmail.com')
  })
})
