import fc from 'fast-check'
import type { FormAdapterKind } from '../../src/capture/index.ts'
import { samples } from '../capture/samples.ts'

/** One valid body of one tool. */
type Payload = { kind: FormAdapterKind; type: string; body: string }

const naming = JSON.stringify({
  object: 'page',
  entry: [
    {
      id: '1000',
      time: 1795341690,
      changes: [
        { field: 'leadgen', value: { leadgen_id: '444', page_id: '1000', form_id: '777' } },
        { field: 'leadgen', value: { leadgen_id: '445', page_id: '1000', form_id: '777' } },
      ],
    },
  ],
})

/** What each tool posts: the documented samples, and Meta's webhook in place of the Graph's answer. */
const payloads: readonly Payload[] = [
  ...samples
    .filter(({ kind }) => kind !== 'meta-lead-ads')
    .map(({ kind, headers, body }) => ({ kind, type: headers['content-type'] ?? '', body })),
  { kind: 'meta-lead-ads', type: 'application/json', body: naming },
]

/** A body that was bent, and what it says that it is. */
export type Bent = { kind: FormAdapterKind; type: string; body: Uint8Array }

type Json = unknown
type Path = readonly (string | number)[]

function pathsOf(value: Json, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, one]) => pathsOf(one, [...path, key]))]
}

/** Changes the value at a path; undefined takes it out. A path that is no longer there changes nothing. */
function change(value: Json, [key, ...rest]: Path, to: (value: Json) => Json): Json {
  if (key === undefined) return to(value)
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return value
  const entries = Object.entries(value).flatMap(([name, one]) => {
    if (name !== String(key)) return [[name, one] as const]
    const changed = change(one, rest, to)
    return changed === undefined ? [] : [[name, changed] as const]
  })
  return Array.isArray(value) ? entries.map(([, one]) => one) : Object.fromEntries(entries)
}

function rename(value: Json, path: Path, name: string): Json {
  const key = path.at(-1)
  return change(value, path.slice(0, -1), (parent) => {
    if (key === undefined || typeof parent !== 'object' || parent === null || Array.isArray(parent))
      return parent
    // Spelled as text, since an assignment to this name would change no key.
    const entries = Object.entries(parent).map(
      ([old, one]) => `${JSON.stringify(old === key ? name : old)}:${JSON.stringify(one)}`,
    )
    return JSON.parse(`{${entries.join(',')}}`) as Json
  })
}

const nested = (depth: number): Json => (depth === 0 ? [] : [nested(depth - 1)])
const oddTexts = [
  '',
  ' ',
  '\0',
  '\uD800',
  '\u202Egmail.com',
  'pat@example.com\r\nBcc: x@y.zz',
  'a@b.cc,d@e.ff',
  '"pat"@lead.example',
  '<script>alert(1)</script>',
  "'; drop table leads; --",
  'x'.repeat(20_000),
  '9'.repeat(400),
  '{{firstName}}',
]
const oddText = fc.oneof(fc.constantFrom(...oddTexts), fc.string({ unit: 'binary', maxLength: 40 }))
const oddValue: fc.Arbitrary<Json> = fc.oneof(
  oddText,
  fc.constantFrom<Json>(null, true, false, 0, -1, 1e308, 2 ** 53, [], {}, nested(60), [null], { value: [] }),
  fc.jsonValue({ maxDepth: 2 }),
)
const oddName = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    '',
    '\0',
    'email',
    'consent',
    'website',
    'a.b.c',
    'x'.repeat(500),
  ),
  fc.string({ maxLength: 20 }),
)

/** Edits of an HTML form or the parts of one: names and values, or as they lie between the boundaries. */
function partsOf(type: string, body: string): { parts: string[]; join: string } {
  return type.startsWith('multipart/')
    ? { parts: body.split('\r\n--edge'), join: '\r\n--edge' }
    : { parts: body.split('&'), join: '&' }
}

const many = { minLength: 1, maxLength: 4 }

/** Bytes put in, taken out or changed. */
const bytes = (payload: Payload): fc.Arbitrary<Uint8Array> =>
  fc
    .array(fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.constantFrom('put', 'cut', 'change')), {
      ...many,
      maxLength: 6,
    })
    .map((edits) => {
      const all = [...Buffer.from(payload.body)]
      for (const [position, byte, how] of edits) {
        const at = position % (all.length + 1)
        all.splice(at, how === 'put' ? 0 : 1, ...(how === 'cut' ? [] : [byte]))
      }
      return Uint8Array.from(all)
    })

/** Fields left out, renamed, or given twice. */
const fields = (payload: Payload): fc.Arbitrary<Uint8Array> =>
  fc.array(fc.tuple(fc.nat(), fc.constantFrom('drop', 'rename', 'double'), oddName), many).map((edits) => {
    if (payload.type.startsWith('application/json')) {
      let value = JSON.parse(payload.body) as Json
      for (const [position, how, name] of edits) {
        const paths = pathsOf(value).slice(1)
        const path = paths[position % paths.length] ?? []
        if (how === 'drop' && path.length > 0) value = change(value, path, () => undefined)
        else if (how === 'rename') value = rename(value, path, name)
        else value = change(value, path, (one) => [one, one])
      }
      return Buffer.from(JSON.stringify(value))
    }
    const { parts, join } = partsOf(payload.type, payload.body)
    for (const [position, how, name] of edits) {
      const at = position % parts.length
      if (how === 'drop') parts.splice(at, 1)
      else if (how === 'double') parts.splice(at, 0, parts[at] ?? '')
      else
        parts[at] = (parts[at] ?? '').replace(/^[^=]*|name="[^"]*"/, () =>
          encodeURIComponent(name.toWellFormed()),
        )
    }
    return Buffer.from(parts.join(join))
  })

/** Values of another type or of none that anybody expects, and bodies that are not what they say. */
const types = (payload: Payload): fc.Arbitrary<Uint8Array> =>
  fc.array(fc.tuple(fc.nat(), oddValue), many).map((edits) => {
    if (payload.type.startsWith('application/json')) {
      let value = JSON.parse(payload.body) as Json
      for (const [position, odd] of edits) {
        const paths = pathsOf(value)
        value = change(value, paths[position % paths.length] ?? [], () => odd)
      }
      return Buffer.from(JSON.stringify(value))
    }
    const { parts, join } = partsOf(payload.type, payload.body)
    for (const [position, odd] of edits) {
      const at = position % parts.length
      const text = typeof odd === 'string' ? odd.toWellFormed() : JSON.stringify(odd)
      const [name = ''] = (parts[at] ?? '').split('=')
      parts[at] = join === '&' ? `${name}=${encodeURIComponent(text)}` : `${parts[at]}${text}`
    }
    return Buffer.from(parts.join(join))
  })

const otherType = fc.constantFrom(
  'application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=edge',
  'multipart/form-data',
  'text/plain',
  'application/json; charset=utf-16',
)

/**
 * Valid payloads of every tool, bent at one level. The address is somebody new every time, so that there is somebody to
 * enroll; sometimes the body is sent under a type that it is not of.
 */
export const bent: fc.Arbitrary<Bent> = fc
  .tuple(fc.constantFrom(...payloads), fc.nat({ max: 1_000_000 }))
  .chain(([sample, person]) => {
    const payload: Payload = {
      ...sample,
      body: sample.body
        .replaceAll('pat@example.com', `p${person}@lead.example`)
        .replaceAll('pat%40example.com', `p${person}%40lead.example`)
        .replaceAll('"444"', `"${person}"`),
    }
    const whole = fc.constant(Buffer.from(payload.body) as Uint8Array)
    return fc
      .tuple(
        fc.oneof(
          { arbitrary: whole, weight: 1 },
          ...[bytes, fields, types].map((level) => ({ arbitrary: level(payload), weight: 3 })),
        ),
        fc.oneof({ arbitrary: fc.constant(payload.type), weight: 12 }, { arbitrary: otherType, weight: 1 }),
      )
      .map(([body, type]) => ({ kind: payload.kind, type, body }))
  })
