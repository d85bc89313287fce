import { describe, expect, it } from 'vitest'
import { formAdapters } from '../../src/capture/index.ts'
import type { FormAdapterKind } from '../../src/capture/index.ts'
import { mapFields } from '../../src/capture/map-fields.ts'
import { json, post, problemOf, refusal, urlencoded } from './request.ts'
import { multipart } from './samples.ts'

const kinds = Object.keys(formAdapters) as FormAdapterKind[]
const formOnly: FormAdapterKind[] = ['elementor', 'jotform']
const jsonKinds = kinds.filter((kind) => !formOnly.includes(kind))

describe.each(jsonKinds)('%s', (kind) => {
  const verdict = (body: string | Uint8Array) => refusal(() => formAdapters[kind].read(post(body, json)))

  it('calls malformed what is not JSON in UTF-8', async () => {
    for (const body of ['', '{', '{"email":"pat@example.com"', 'email=pat', '{"a":1}{"b":2}']) {
      expect(await verdict(body), body).toBe('malformed')
    }
    expect(await verdict(new Uint8Array([0x22, 0xff, 0x22]))).toBe('malformed')
  })

  it('calls unmappable what is JSON of another shape, and names where', async () => {
    for (const body of ['null', '1', '"text"', 'true', '[]', '[{"email":"pat@example.com"}]', '{}']) {
      const problem = await problemOf(() => formAdapters[kind].read(post(body, json)))
      expect(problem.code, body).toBe('unmappable')
      expect(problem.fields.length, body).toBeGreaterThan(0)
    }
  })
})

it.each([
  [
    'typeform',
    '{"event_type":"form_response","form_response":{"answers":[{"type":1,"field":{}}]}}',
    'form_response.answers.0.type',
  ],
  ['webflow', '{"triggerType":"form_submission","payload":{"data":[]}}', 'payload.data'],
  ['tally', '{"eventType":"FORM_RESPONSE","data":{"fields":{}}}', 'data.fields'],
  ['netlify', '{"data":"x"}', 'data'],
  ['google-ads-lead-form', '{"lead_id":"1","user_column_data":[1]}', 'user_column_data.0'],
  ['hubspot-workflow', '{"vid":"x","properties":{}}', 'vid'],
] as const)('says where a body of %s differs', async (kind, body, path) => {
  const problem = await problemOf(() => formAdapters[kind].read(post(body, json)))
  expect(problem.code).toBe('unmappable')
  expect(problem.fields.map((fault) => fault.field)).toContain(path)
})

describe('forms', () => {
  it('refuse another content type', async () => {
    for (const kind of formOnly) {
      expect(await refusal(() => formAdapters[kind].read(post('{"email":"pat@example.com"}', json)))).toBe(
        'unsupported',
      )
    }
  })

  it('call multipart without its boundary malformed', async () => {
    const { body } = multipart({ email: 'pat@example.com' })
    for (const [type, text] of [
      ['multipart/form-data', body],
      ['multipart/form-data; boundary=other', body],
      ['multipart/form-data; boundary=edge', body.slice(0, -10)],
    ] as const) {
      expect(await refusal(() => formAdapters['html-form'].read(post(text, { 'content-type': type })))).toBe(
        'malformed',
      )
    }
  })

  it('know what is not from Elementor or Jotform', async () => {
    const field = async (kind: 'elementor' | 'jotform', body: string) => {
      const problem = await problemOf(() => formAdapters[kind].read(post(body, urlencoded)))
      return [problem.code, problem.fields[0]?.field]
    }
    expect(await field('elementor', 'email=pat%40example.com')).toEqual(['unmappable', 'form_id'])
    expect(await field('elementor', '')).toEqual(['unmappable', 'form_id'])
    expect(await field('jotform', 'submissionID=1')).toEqual(['unmappable', 'rawRequest'])
    expect(await field('jotform', 'submissionID=1&rawRequest=%7B')).toEqual(['malformed', 'rawRequest'])
  })
})

describe('caps', () => {
  const read = (value: unknown) => formAdapters.bearer.read(post(JSON.stringify(value), json))

  it('hold for the number of fields and the length of keys, values and lists', async () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`k${index}`, 'x']))
    expect((await read(many)).fields).toHaveLength(200)
    const { fields } = await read({
      ['k'.repeat(1000)]: 'v'.repeat(20_000),
      list: Array.from({ length: 300 }, () => 'v'.repeat(900)),
    })
    expect(fields[0]?.key).toHaveLength(200)
    expect(fields[0]?.value).toHaveLength(10_000)
    expect([fields[1]?.value].flat().join('')).toHaveLength(10_000)
  })

  it('leave nothing that Postgres cannot store', async () => {
    const body =
      '{"a\\u0000b":"x\\u0000y","lone":"\\ud800z","list":["\\udc00","\\u0000"],"submission_id":"i\\u0000\\ud800d"}'
    const seen = await formAdapters.bearer.read(post(body, json))
    expect(seen.externalId).toBe('i \uFFFDd')
    expect(seen.fields.slice(0, 3)).toEqual([
      { key: 'a\uFFFDb', value: 'x\uFFFDy' },
      { key: 'lone', value: '\uFFFDz' },
      { key: 'list', value: ['\uFFFD', '\uFFFD'] },
    ])
  })

  it('are no other address for a NUL in it', async () => {
    const { fields } = await formAdapters.bearer.read(post('{"email":"pat\\u0000@lead.example"}', json))
    expect(() => mapFields({ fields }, null)).toThrow()
  })

  it('cut a value between characters', async () => {
    const { fields } = await read({ a: `${'x'.repeat(9_999)}😀` })
    expect(fields[0]?.value).toBe('x'.repeat(9_999))
  })

  it('take no key of an object’s machinery for a field', async () => {
    const { fields } = await formAdapters.bearer.read(
      post('{"__proto__":{"email":"x@example.com"},"email":"pat@example.com"}', json),
    )
    expect(mapFields({ fields }, null).lead.email).toBe('pat@example.com')
    expect(Object.prototype).not.toHaveProperty('email')
  })
})
