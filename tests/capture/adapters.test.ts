import { describe, expect, it } from 'vitest'
import { formAdapters } from '../../src/capture/index.ts'
import type { FormAdapterKind } from '../../src/capture/index.ts'
import { mapFields } from '../../src/capture/map-fields.ts'
import { json, post, problemOf, refusal, urlencoded } from './request.ts'
import { multipart, samples } from './samples.ts'

const read = (kind: FormAdapterKind, body: string | Uint8Array, headers: Record<string, string> = json) =>
  formAdapters[kind].read(post(body, headers))
const valuesOf = async (kind: FormAdapterKind, body: string, headers: Record<string, string> = json) =>
  Object.fromEntries((await read(kind, body, headers)).fields.map((field) => [field.key, field.value]))

describe.each(samples)('$name', ({ kind, headers, body, mapping, submission, lead }) => {
  it('is read and mapped as expected', async () => {
    const seen = await read(kind, body, headers)
    expect(seen).toMatchObject({ isTest: false, ...submission })
    expect(mapFields(seen, mapping ?? null).lead).toMatchObject(lead)
  })

  it('is the same on a retry', async () => {
    expect(await read(kind, body, headers)).toEqual(await read(kind, body, headers))
  })
})

it('has a sample for every kind', () => {
  expect(new Set(samples.map((sample) => sample.kind))).toEqual(new Set(Object.keys(formAdapters)))
})

it('keeps nothing of the visitor’s device where the provider adds it', async () => {
  for (const { kind, headers, body } of samples) {
    const text = JSON.stringify((await read(kind, body, headers)).fields)
    expect(text).not.toMatch(/203\.0\.113\.9|Mozilla/)
  }
})

describe('typeform', () => {
  const response = (answers: unknown, type = 'form_response') =>
    JSON.stringify({ event_type: type, form_response: { token: 't', answers } })
  const field = (ref: string) => ({ id: `id-${ref}`, type: 'x', ref })

  it('reads every kind of answer', async () => {
    const answers = [
      { type: 'number', number: 7, field: field('n') },
      { type: 'choice', choice: { label: 'Back' }, field: field('c') },
      { type: 'choice', choice: { other: 'Neck' }, field: field('o') },
      { type: 'choices', choices: { labels: ['A', 'B'], other: 'C' }, field: field('cs') },
      { type: 'boolean', boolean: false, field: field('b') },
      { type: 'payment', payment: { amount: '1' }, field: field('p') },
    ]
    expect(await valuesOf('typeform', response(answers))).toEqual({
      n: '7',
      c: 'Back',
      o: 'Neck',
      cs: ['A', 'B', 'C'],
      b: false,
    })
  })

  it('parks a response that is not finished', async () => {
    const problem = await problemOf(() => read('typeform', response([], 'form_response_partial')))
    expect(problem).toMatchObject({ code: 'unmappable', fields: [{ field: 'event_type' }] })
  })
})

describe('tally', () => {
  const form = (fields: unknown) => JSON.stringify({ eventType: 'FORM_RESPONSE', data: { fields } })

  it('leaves an unanswered question out and keeps an option that it cannot name', async () => {
    const fields = [
      { key: 'a', label: 'Empty', type: 'INPUT_TEXT', value: null },
      { key: 'b', label: 'Pick', type: 'CHECKBOXES', value: ['x', 'y'], options: [{ id: 'x', text: 'Ex' }] },
      { key: 'b_x', label: 'Pick (Ex)', type: 'CHECKBOXES', value: true },
    ]
    expect(await valuesOf('tally', form(fields))).toEqual({ b: ['Ex', 'y'], b_x: true })
  })

  it('takes a no that was picked from a list for a no', async () => {
    const fields = [
      { key: 'a', label: 'Email', type: 'INPUT_EMAIL', value: 'pat@example.com' },
      {
        key: 'b',
        label: 'May we email you?',
        type: 'MULTIPLE_CHOICE',
        value: ['n'],
        options: [{ id: 'n', text: 'No' }],
      },
    ]
    expect(mapFields(await read('tally', form(fields)), null).lead.consent).toBe(false)
  })
})

describe('html form', () => {
  const png =
    '--edge\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
  const headers = { 'content-type': 'multipart/form-data; boundary=edge' }

  it('refuses text/plain, and a body without a type', async () => {
    expect(
      await refusal(() => read('html-form', 'email=pat@example.com', { 'content-type': 'text/plain' })),
    ).toBe('unsupported')
    expect(await refusal(() => read('html-form', 'email=pat@example.com', {}))).toBe('unsupported')
  })

  it('refuses a file and names its field, but not a file input left empty', async () => {
    const problem = await problemOf(() => read('html-form', `${png}bytes\r\n--edge--\r\n`, headers))
    expect(problem).toMatchObject({ code: 'unsupported', fields: [{ field: 'photo' }] })
    const rest =
      '\r\n--edge\r\nContent-Disposition: form-data; name="email"\r\n\r\npat@example.com\r\n--edge--\r\n'
    const empty = `${png.replace('a.png', '')}${rest}`
    expect((await read('html-form', empty, headers)).fields).toEqual([
      { key: 'email', value: 'pat@example.com' },
    ])
  })

  it('keeps honeypot, repeated names and lists', async () => {
    const body = 'website=&topic=Back&topic=Neck&days%5B%5D=Mon&a+b=1%2B1'
    expect(await valuesOf('html-form', body, urlencoded)).toEqual({
      website: '',
      topic: ['Back', 'Neck'],
      days: ['Mon'],
      'a b': '1+1',
    })
  })
})

describe('elementor', () => {
  it('takes all choices of a group from its raw values', async () => {
    const parts = {
      'fields[t][title]': 'Topics',
      'fields[t][value]': 'A, B',
      'fields[t][raw_value][0]': 'A',
      'fields[t][raw_value][1]': 'B',
    }
    expect(await valuesOf('elementor', new URLSearchParams(parts).toString(), urlencoded)).toEqual({
      t: ['A', 'B'],
    })
  })
})

it('puts the parts of a Jotform phone number together', async () => {
  const rawRequest = JSON.stringify({
    q1_phone: { area: '610', phone: '555-0100' },
    q2_phone: { full: '(610) 555-0100' },
    path: '/x',
  })
  const { headers, body } = multipart({ submissionID: '1', rawRequest })
  expect(await valuesOf('jotform', body, headers)).toEqual({
    q1_phone: '610 555-0100',
    q2_phone: '(610) 555-0100',
  })
})

it('keeps the text of a WPForms date and not its Unix time', async () => {
  const text = '{"day":{"value":"Nov 22","unix":1795341690},"email":"pat@example.com"}'
  expect(await valuesOf('wpforms', text)).toEqual({ day: 'Nov 22', email: 'pat@example.com' })
})

it('finds the e-mail of a HubSpot contact among more properties than a lead can hold', async () => {
  const many = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`p${index}`, { value: 'x' }]))
  const seen = await read(
    'hubspot-workflow',
    JSON.stringify({ vid: 1, properties: { ...many, email: { value: 'pat@example.com' } } }),
  )
  expect(seen.fields).toHaveLength(200)
  expect(mapFields(seen, null).lead.email).toBe('pat@example.com')
})

it('takes the latest form of a HubSpot contact, and no duplicate key without one', async () => {
  const contact = { vid: 1, properties: { email: { value: 'pat@example.com' } } }
  const forms = [{ timestamp: 5 }, { timestamp: 9 }, { timestamp: 7 }]
  const id = async (body: object) => (await read('hubspot-workflow', JSON.stringify(body))).externalId
  expect(await id({ ...contact, 'form-submissions': forms })).toBe('1:9')
  expect(await id(contact)).toBeNull()
})
