import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mapFields } from '../../src/capture/map-fields.ts'
import type { FieldMapping } from '../../src/capture/map-fields.ts'
import type { SubmittedField } from '../../src/core/submission.ts'
import { problemOf } from './request.ts'

type Values = Record<string, SubmittedField['value']>

const fieldsOf = (values: Values): SubmittedField[] =>
  Object.entries(values).map(([key, value]) => ({ key, value }))
const lead = (values: Values, mapping: FieldMapping | null = null) =>
  mapFields({ fields: fieldsOf(values) }, mapping).lead
const withEmail = (values: Values, mapping: FieldMapping | null = null) =>
  lead({ email: 'pat@example.com', ...values }, mapping)

it('leaves null what a form does not have', () => {
  expect(withEmail({})).toEqual({
    email: 'pat@example.com',
    firstName: null,
    lastName: null,
    phone: null,
    postalCode: null,
    country: null,
    timeZone: null,
    message: null,
    consent: null,
    consentTextVersion: null,
    pageUrl: null,
    referrer: null,
    utm: {},
  })
})

describe('guesses', () => {
  it.each([
    'email',
    'Email',
    'E-mail',
    'EMAIL',
    'your-email',
    'Your email',
    'Your e-mail address *',
    'email_address',
    'emailAddress',
    'email-123',
    'q3_email',
    'lead.email',
    'What is your email?',
    'Email (required)',
    'User email',
    'Best email to reach you',
  ])('the e-mail address under %s', (key) => {
    expect(lead({ [key]: 'pat@example.com' }).email).toBe('pat@example.com')
  })

  it('by type before key, by key before label, and no address out of a field about mail', () => {
    const fields: SubmittedField[] = [
      { key: 'consent', label: 'May we email you?', value: 'Yes' },
      { key: 'x', label: 'Email', value: 'label@example.com' },
      { key: 'email', value: 'key@example.com' },
      { key: 'y', type: 'email', value: 'type@example.com' },
    ]
    const guess = (...kept: number[]) =>
      mapFields({ fields: kept.flatMap((at) => fields[at] ?? []) }, null).lead.email
    expect(guess(0, 1, 2, 3)).toBe('type@example.com')
    expect(guess(0, 1, 2)).toBe('key@example.com')
    expect(guess(0, 1)).toBe('label@example.com')
  })

  it('takes a filled field before an empty one, and the one with the name among several of a type', () => {
    const fields: SubmittedField[] = [
      { key: 'doctor', label: 'Your doctor’s address', type: 'email', value: 'doc@example.com' },
      { key: 'email', type: 'email', value: 'pat@example.com' },
    ]
    expect(mapFields({ fields }, null).lead.email).toBe('pat@example.com')
    expect(lead({ email: '', 'your-email': 'pat@example.com' }).email).toBe('pat@example.com')
  })

  it.each([
    [{ first_name: 'Pat', last_name: 'Lee' }],
    [{ firstname: 'Pat', lastname: 'Lee' }],
    [{ 'First name': 'Pat', Surname: 'Lee' }],
    [{ 'q4_name.first': 'Pat', 'q4_name.last': 'Lee' }],
    [{ name: 'Pat Lee' }],
    [{ 'your-name': 'Pat Lee' }],
    [{ FULL_NAME: 'Lee, Pat' }],
    [{ first_name: 'Pat', name: 'Somebody Lee' }],
    [{ name: 'Pat', last_name: 'Lee' }],
  ])('the name in %j', (values) => {
    expect(withEmail(values as Values)).toMatchObject({ firstName: 'Pat', lastName: 'Lee' })
  })

  it.each([
    'phone',
    'tel',
    'tel-123',
    'Mobile',
    'Phone number',
    'mobilephone',
    'PHONE_NUMBER',
    'Best phone to call',
  ])('the phone under %s', (key) => {
    expect(withEmail({ [key]: '(610) 555-0100' }).phone).toBe('+16105550100')
  })

  it('everything else by its usual names', () => {
    expect(
      withEmail({
        Zip: '19010-1234',
        timeZone: 'America/New_York',
        'your-message': 'My back\r\nhurts',
        consent_text_version: '2026-11-01',
        page_url: 'https://clinic.example/contact?x=1',
        Referrer: 'https://www.google.com/',
        UTM_Source: 'google',
        'utm-term': 'back',
        utm_secret: 'x',
        utm_medium: '',
      }),
    ).toMatchObject({
      postalCode: '19010-1234',
      country: null,
      timeZone: 'America/New_York',
      message: 'My back\nhurts',
      consentTextVersion: '2026-11-01',
      pageUrl: 'https://clinic.example/contact?x=1',
      referrer: 'https://www.google.com/',
      utm: { utm_source: 'google', utm_term: 'back' },
    })
  })
})

describe('consent', () => {
  it.each([
    'consent',
    'acceptance-1',
    'agree',
    'I agree to get emails',
    'May we email you?',
    'email_consent',
    'opt_in',
    'gdpr',
  ])('is guessed from %s', (key) => {
    expect(withEmail({ [key]: 'on' }).consent).toBe(true)
    expect(withEmail({ [key]: 'No' }).consent).toBe(false)
    expect(withEmail({ [key]: '' }).consent).toBe(false)
  })

  it('is not read out of agreeing to terms', () => {
    expect(withEmail({ 'I agree to the terms and conditions': 'on' }).consent).toBeNull()
    const fields: SubmittedField[] = [
      ...fieldsOf({ email: 'pat@example.com' }),
      { key: 'acceptance', label: 'I accept the privacy policy', value: 'on' },
    ]
    expect(mapFields({ fields }, null).lead.consent).toBeNull()
  })

  it('that was left empty is not made up for by another box', () => {
    expect(withEmail({ consent: '', agree: 'on' }).consent).toBe(false)
  })

  it('is no where the mapping names a box that was not sent, as an unticked one is not', () => {
    expect(withEmail({}, { consent: 'ok_box' }).consent).toBe(false)
    expect(withEmail({ ok_box: 'on' }, { consent: 'ok_box' }).consent).toBe(true)
  })
})

describe('a mapping', () => {
  it('goes by key, then by label, in any letter case', () => {
    const fields: SubmittedField[] = [
      { key: '2', label: 'Where to write', value: 'label@example.com' },
      { key: 'where to write', value: 'key@example.com' },
    ]
    const email = (name: string) => mapFields({ fields }, { email: name }).lead.email
    expect(email('2')).toBe('label@example.com')
    expect(email('Where to write')).toBe('key@example.com')
    expect(mapFields({ fields: fields.slice(0, 1) }, { email: 'where to WRITE' }).lead.email).toBe(
      'label@example.com',
    )
  })

  it('wins over a guess, and null keeps a field from being guessed', () => {
    expect(withEmail({ other: 'sam@example.com' }, { email: 'other' }).email).toBe('sam@example.com')
    expect(withEmail({ phone: '610 555 0100' }, {}).phone).toBe('+16105550100')
    expect(withEmail({ phone: '610 555 0100' }, { phone: null }).phone).toBeNull()
  })

  it('is not helped out by a guess when its field is missing', async () => {
    const problem = await problemOf(() => withEmail({}, { email: 'gone' }))
    expect(problem.code).toBe('unmappable')
    expect(withEmail({ phone: '610 555 0100' }, { phone: 'gone' }).phone).toBeNull()
  })
})

describe('refuses', () => {
  it('a form without an e-mail field, and lists the keys seen but no value', async () => {
    const problem = await problemOf(() => lead({ colour: 'secret-blue', size: 'xl' }))
    expect(problem.code).toBe('unmappable')
    expect(problem.fields).toEqual([{ field: 'email', message: 'No such field among: colour, size' }])
    expect(problem.message).not.toContain('blue')
  })

  it.each(['', 'pat', 'pat@example', 'pat@example.com, sam@example.com', 'a@b.cc\r\nBcc: d@e.ff'])(
    'the address %j, and names its field without repeating it',
    async (value) => {
      const problem = await problemOf(() => lead({ 'your-email': value }))
      expect(problem).toMatchObject({ code: 'invalid', fields: [{ field: 'your-email' }] })
      if (value) expect(JSON.stringify([problem.message, problem.fields])).not.toContain(value)
    },
  )
})

it('drops what it cannot read', () => {
  expect(
    withEmail({
      phone: '12',
      zip: '<b>',
      time_zone: '+05:00',
      page_url: 'javascript:alert(1)',
      name: 'http://evil.example',
    }),
  ).toMatchObject({
    phone: null,
    postalCode: null,
    country: null,
    timeZone: null,
    pageUrl: null,
    firstName: null,
    lastName: null,
  })
})

it('reads a phone by the country of the clinic', () => {
  const fields = fieldsOf({ email: 'pat@example.com', phone: '020 7946 0958' })
  expect(mapFields({ fields }, null, 'GB').lead.phone).toBe('+442079460958')
})

it('never throws anything but a Problem, and lets out only clean text, whatever the fields hold', async () => {
  const keys = fc.constantFrom(
    'email',
    'name',
    'first_name',
    'phone',
    'message',
    'consent',
    'utm_source',
    'page_url',
    'time_zone',
    'zip',
    'x',
  )
  const text = fc.oneof(
    fc.emailAddress(),
    fc.webUrl(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('a@b.cc\nBcc: d@e.ff', '\uD800', '\0'),
  )
  const field = fc.record({
    key: keys,
    value: fc.oneof(text, fc.boolean(), fc.array(text, { maxLength: 3 })),
  })
  const addresses = fc.constantFrom('pat@example.com', 'Pat+x@München.de', 'pat', '')
  let mapped = 0
  fc.assert(
    fc.property(addresses, fc.array(field, { maxLength: 8 }), (email, rest) => {
      try {
        const fields = [{ key: 'your-email', value: email }, ...rest]
        const result = mapFields({ fields }, null).lead
        mapped += 1
        expect(result.email).toMatch(/^[^\s,<>@]+@[a-z0-9.-]+$/)
        expect(`${result.firstName}${result.lastName}`).not.toMatch(/[<>@\p{C}]|:\/\//u)
        expect(JSON.stringify(result)).not.toMatch(/\\u0000|\\ud[89a-f]/i)
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'Problem') throw error
      }
    }),
    { numRuns: 1000 },
  )
  expect(mapped).toBeGreaterThan(100)
})
