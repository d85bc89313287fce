import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instant, manyLines, oneLine, storable } from '../../src/capture/text.ts'
import { consentOf } from '../../src/capture/values/consent.ts'
import { normaliseEmail } from '../../src/capture/values/email.ts'
import { cleanName, splitName } from '../../src/capture/values/name.ts'
import { normalisePhone } from '../../src/capture/values/phone.ts'
import { knownTimeZone } from '../../src/capture/values/time-zone.ts'

/** Text that leans towards what could break an address or a name: specials, controls, bidi marks, lone halves. */
const nasty = fc.string({
  unit: fc.constantFrom(
    ...'ab.@-+<>,"; \r\n\t\0\u200B\u202E\u00AD\uD800\uDC00ü。％%[]:/w'.split(''),
    '例',
    'pat@example.com',
  ),
  maxLength: 40,
})

describe('normaliseEmail', () => {
  it.each([
    [' pat@example.com\r\n', 'pat@example.com'],
    ['\uFEFFpat@example.com\u200B', 'pat@example.com'],
    ['Pat.Lee+site@Example.COM', 'Pat.Lee+site@example.com'],
    ['pat@münchen.de', 'pat@xn--mnchen-3ya.de'],
    ['pat@例え。jp', 'pat@xn--r8jz45g.jp'],
  ])('turns %j into %s', (typed, address) => {
    expect(normaliseEmail(typed)).toBe(address)
  })

  it.each([
    '',
    'pat',
    'pat@example',
    'pat@example.com, sam@example.com',
    'Pat <pat@example.com>',
    'pat@example.com\nBcc: sam@example.com',
    'pat@ex%2Cample.com',
    'pat@exam\u00ADple.com',
    'pat@exam\u200Bple.com',
    'p\u202Eat@example.com',
    'pat@0x7f.1',
    'pat@1.2.3.4',
    'pat@[::1]',
    'mailto:pat@example.com',
    `${'l'.repeat(250)}@example.com`,
  ])('refuses %j', (typed) => {
    expect(normaliseEmail(typed)).toBeNull()
  })

  it('never lets out what could forge a header, and leaves what it let out alone', () => {
    let passed = 0
    const mixed = fc.oneof(
      nasty,
      fc.emailAddress(),
      fc.tuple(nasty, fc.domain()).map((parts) => parts.join('@')),
    )
    fc.assert(
      fc.property(mixed, (typed) => {
        const address = normaliseEmail(typed)
        if (address === null) return
        passed += 1
        expect(address).toMatch(/^[\x21-\x7e]{1,64}@[a-z0-9.-]+$/)
        expect(address).not.toMatch(/[\r\n,<>"()[\]:;\\ ]/)
        expect(address.length).toBeLessThanOrEqual(254)
        expect(normaliseEmail(address)).toBe(address)
      }),
      { numRuns: 3000 },
    )
    expect(passed).toBeGreaterThan(300)
  })
})

describe('cleanName', () => {
  it.each([
    ['  Pat  Lee ', 'Pat Lee'],
    ["Anne-Marie O'Brien", "Anne-Marie O'Brien"],
    ['José Ångström 李', 'José Ångström 李'],
    ['<b>Pat</b>', 'Pat'],
    ['<script>alert(1)</script>Pat', 'Pat'],
    ['Pat <img src=x onerror=alert(1)', 'Pat'],
    ['Pat\r\nBcc: x', 'Pat Bcc x'],
    ['Pat\u202E\u0000\u0007', 'Pat'],
    ['St.James', 'St. James'],
    ['J.R.', 'J. R.'],
    ['Pat 😀', 'Pat'],
  ])('makes %j %j', (typed, name) => {
    expect(cleanName(typed)).toBe(name)
  })

  it.each([
    '',
    ' ',
    '123',
    '😀',
    'http://evil.example',
    'HTTPS://EVIL',
    'Win money evil.com/x',
    'EVIL.COM',
    'www.evil',
    'pat@example.com',
    '<a href="https://evil.example">Pat</a> evil.example',
  ])('has no name in %j', (typed) => {
    expect(cleanName(typed)).toBeNull()
  })

  it('is at most 80 characters and never half a character', () => {
    const name = cleanName(`${'a'.repeat(79)}𝒜𝒜`)
    expect(name).toBe('a'.repeat(79))
  })

  it('never lets out markup, links or control characters', () => {
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: 'grapheme', maxLength: 100 })), (typed) => {
        const name = cleanName(typed)
        if (name === null) return
        expect(name).not.toMatch(/[<>"@:/\\\p{C}]|\.\S|^\s|\s$|\s\s/u)
        expect(name.length).toBeLessThanOrEqual(80)
        expect(cleanName(name)).toBe(name)
      }),
      { numRuns: 2000 },
    )
  })
})

it.each([
  ['Pat Lee', 'Pat', 'Lee'],
  ['Pat', 'Pat', null],
  ['Pat van der Lee', 'Pat', 'van der Lee'],
  ['Lee, Pat', 'Pat', 'Lee'],
  ['Pat Lee, Jr.', 'Pat', 'Lee'],
  ['Dr. Pat Lee', 'Pat', 'Lee'],
  ['Dr', 'Dr', null],
  ['see www.evil.example', null, null],
])('splits %j into %j and %j', (typed, first, last) => {
  expect(splitName(typed)).toEqual({ first, last })
})

it.each([
  ['610-555-0100', '+16105550100'],
  ['(610) 525-1234 ext. 5', '+16105251234'],
  ['+44 20 7946 0958', '+442079460958'],
  ['555', null],
  ['call me', null],
  ['', null],
])('reads the phone number %j as %j', (typed, number) => {
  expect(normalisePhone(typed)).toBe(number)
})

it('reads a number without a code as one of the country given', () => {
  expect(normalisePhone('020 7946 0958', 'GB')).toBe('+442079460958')
})

describe('consentOf', () => {
  const said = (value: string | boolean | string[], label?: string) =>
    consentOf({ key: 'consent', value, ...(label === undefined ? {} : { label }) })

  it.each([true, 'true', 'Yes', 'yes, please', 'on', '1', 'I agree', 'Accepted', ['Yes'], ['1'], ['opt-1']])(
    'takes %j as yes',
    (value) => {
      expect(said(value)).toBe(true)
    },
  )

  it.each([
    false,
    'false',
    'No',
    'no thanks',
    'off',
    '0',
    '',
    ' ',
    'I do not agree',
    'Not now',
    "I don't consent",
    [],
    [''],
    ['No'],
    'Maybe later',
    'Yes, by phone only',
    'Yes, but no emails please',
    'On the phone only',
    'Accept calls only',
    'Ok, just do not email me',
    ['Yes, only by text'],
    'Yes, calls, not emails',
    'Yes, by telephone only',
    'Yes, text messages only',
    ['I don’t want emails'],
  ])('takes %j as no', (value) => {
    expect(said(value)).toBe(false)
  })

  it('knows a ticked box that sends its own label', () => {
    expect(said('Send me the lessons', 'Send me the lessons')).toBe(true)
    expect(said('Send me the lessons')).toBe(false)
    expect(said('I agree to get emails and can opt out at any time.')).toBe(true)
    expect(said('Yes, email me. No spam, and I can unsubscribe.')).toBe(true)
    const label = 'Yes: no emails but these five'
    expect([said(label, label), said(label)]).toEqual([true, false])
  })
})

it.each([
  ['America/New_York', 'America/New_York'],
  ['america/new_york', 'America/New_York'],
  ['UTC', 'UTC'],
  ['AMERICA/NEW_YORK', 'America/New_York'],
  ['EST', null],
  ['+05:00', null],
  ['Mars/Olympus', null],
  ['', null],
])('knows the zone %j as %j', (typed, zone) => {
  expect(knownTimeZone(typed)).toBe(zone)
})

it.each([
  ['2026-11-22T10:05:00.000000Z', '2026-11-22T10:05:00.000Z'],
  ['2026-11-22T05:05:00-05:00', '2026-11-22T10:05:00.000Z'],
  ['2026-11-22 10:01:30Z', '2026-11-22T10:01:30.000Z'],
  [1_767_225_600_000, '2026-01-01T00:00:00.000Z'],
  ['2026-11-22T10:05:00', null],
  ['2026-13-22T10:05:00Z', null],
  ['0000-01-01T00:00:00Z', null],
  ['yesterday', null],
  [8.64e15, null],
  [Number.NaN, null],
  [null, null],
])('reads %j as the instant %j', (given, iso) => {
  expect(instant(given)).toBe(iso)
})

describe('text', () => {
  it('is always storable: well-formed, without NUL, no longer than its cap', () => {
    const any = fc.string({
      unit: fc.constantFrom('a', '\0', '\uD83D', '\uDE00', '😀', '\r', '\n', '\u202E'),
      maxLength: 30,
    })
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 20 }), (text, limit) => {
        for (const clean of [storable(text, limit), oneLine(text, limit), manyLines(text, limit)]) {
          expect(clean).not.toMatch(/\0|\p{Surrogate}/u)
          expect(clean.length).toBeLessThanOrEqual(limit)
        }
        expect(oneLine(text, limit)).not.toMatch(/[\r\n\u202E]/)
      }),
    )
  })

  it('keeps the lines of a message and nothing hidden in them', () => {
    expect(manyLines(' Hello\r\n\tthere\rold\u202E\u0007 ', 100)).toBe('Hello\n\tthere\nold')
  })
})
