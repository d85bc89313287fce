import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emailHint } from '../../src/core/email-hint.ts'

test.each([
  ['pat@gmial.com', 'pat@gmail.com'],
  ['Pat.Lee+x@GMAIL.CON', 'Pat.Lee+x@gmail.com'],
  ['pat@gmai.com', 'pat@gmail.com'],
  ['pat@gmaill.com', 'pat@gmail.com'],
  ['pat@gnail.com', 'pat@gmail.com'],
  ['pat@gmail.co', 'pat@gmail.com'],
  ['pat@gmailcom', 'pat@gmail.com'],
  ['pat@yaho.com', 'pat@yahoo.com'],
  ['pat@hotmial.com', 'pat@hotmail.com'],
  ['pat@outlok.com', 'pat@outlook.com'],
  ['pat@iclud.com', 'pat@icloud.com'],
  ['pat@comcast.ner', 'pat@comcast.net'],
  ['pat@verizon.ent', 'pat@verizon.net'],
  ['pat@aol.con', 'pat@aol.com'],
])('%s: did you mean %s', (typed, meant) => {
  expect(emailHint(typed)).toBe(meant)
})

test.each([
  'pat@gmail.com',
  'pat@GMAIL.com',
  'pat@mail.com',
  'pat@ymail.com',
  'pat@email.com',
  'pat@love.com',
  'pat@abl.com',
  'pat@gmx.com',
  'pat@yahoo.co.uk',
  'pat@clinic.example',
  'pat@ggmaill.com',
  'pat@mail.gmail.com',
  'gmial.com',
  '',
  '@gmial.com',
])('%s: nothing to ask', (typed) => {
  expect(emailHint(typed)).toBeNull()
})

test('every slip of one letter in a long name is seen, and what is suggested needs no hint itself', () => {
  const letters = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz')
  fc.assert(
    fc.property(
      fc.constantFrom('yahoo.com', 'hotmail.com', 'outlook.com', 'icloud.com', 'comcast.net', 'verizon.net'),
      fc.nat(10),
      letters,
      (domain, at, letter) => {
        const place = at % domain.length
        const changed = domain.slice(0, place) + letter + domain.slice(place + 1)
        const longer = domain.slice(0, place) + letter + domain.slice(place)
        const shorter = domain.slice(0, place) + domain.slice(place + 1)
        for (const slip of [changed, longer, shorter]) {
          if (slip === domain || slip === 'yahoo.co') continue
          expect([slip, emailHint(`pat@${slip}`)]).toEqual([slip, `pat@${domain}`])
        }
        expect(emailHint(`pat@${domain}`)).toBeNull()
      },
    ),
  )
})
