import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formAdapters } from '../../src/capture/index.ts'
import type { FormAdapterKind } from '../../src/capture/index.ts'
import { mapFields } from '../../src/capture/map-fields.ts'
import type { FieldMapping } from '../../src/capture/map-fields.ts'
import { post, refusal } from './request.ts'
import { samples } from './samples.ts'

const kinds = Object.keys(formAdapters) as FormAdapterKind[]

/** Everything that may leave an adapter and the mapping, for a body that was bent. */
async function outcome(
  kind: FormAdapterKind,
  body: string | Uint8Array,
  headers: Record<string, string>,
  mapping: FieldMapping | null = null,
) {
  return refusal(async () => {
    const seen = await formAdapters[kind].read(post(body, headers))
    const text = JSON.stringify(seen)
    expect(text).not.toMatch(/\\u0000|\\ud[89a-f]/i)
    expect(seen.fields.length).toBeLessThanOrEqual(200)
    const { lead } = mapFields(seen, mapping)
    expect(lead.email).not.toMatch(/[\r\n,<>\s]/)
    expect(JSON.stringify(lead)).not.toMatch(/\\u0000|\\ud[89a-f]/i)
  })
}

const allowed = ['passed', 'malformed', 'unmappable', 'unsupported', 'invalid']
const types = fc.constantFrom(
  'application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=edge',
  'text/plain',
  '',
)

/** Puts other values, keys and types into a JSON value, here and there. */
const bend = (value: unknown, seed: fc.GeneratorValue): unknown => {
  const roll = seed(fc.nat, { max: 24 })
  if (roll === 0) return seed(fc.jsonValue)
  if (roll === 1)
    return seed(fc.constantFrom, '\0', '\uD800', '', 'pat@example.com\r\nBcc: x@y.zz', 'a@b.cc,d@e.ff')
  if (Array.isArray(value)) return value.map((one) => bend(one, seed))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      seed(fc.nat, { max: 40 }) === 0 ? '__proto__' : key,
      bend(one, seed),
    ]),
  )
}

describe.each(kinds)('%s, whatever is sent', (kind) => {
  it('throws nothing but a Problem on random bytes and types', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        types,
        async (body, type) => {
          expect(allowed).toContain(await outcome(kind, body, { 'content-type': type }))
        },
      ),
      { numRuns: 150 },
    )
  })

  const sample = samples.find(
    (one) => one.kind === kind && one.headers['content-type']?.startsWith('application/json'),
  )
  if (sample) {
    it('throws nothing but a Problem on a bent sample', async () => {
      const seen = new Set<string>()
      await fc.assert(
        fc.asyncProperty(fc.gen(), async (seed) => {
          const verdict = await outcome(
            kind,
            JSON.stringify(bend(JSON.parse(sample.body), seed)),
            sample.headers,
            sample.mapping,
          )
          seen.add(verdict)
          expect(allowed).toContain(verdict)
        }),
        { numRuns: 300 },
      )
      expect(seen.size).toBeGreaterThan(1)
    })
  }

  it('throws nothing but a Problem on a sample with bytes changed', async () => {
    const one = samples.find((candidate) => candidate.kind === kind)
    const bytes = new TextEncoder().encode(one?.body)
    const changes = fc.array(fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 6,
    })
    await fc.assert(
      fc.asyncProperty(changes, async (edits) => {
        const changed = Uint8Array.from(bytes)
        for (const [at, byte] of edits) changed[at] = byte
        expect(allowed).toContain(await outcome(kind, changed, one?.headers ?? {}))
      }),
      { numRuns: 200 },
    )
  })
})
