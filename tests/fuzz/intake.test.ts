import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { captures, providerEvents } from '../../drizzle/schema/index.ts'
import { readEvent } from '../../src/actions/receive-event.ts'
import { formAdapters, type FormAdapterKind } from '../../src/capture/index.ts'
import type { Source } from '../../src/store/sources.ts'
import { samples } from '../capture/samples.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { type Bent, bent } from './payloads.ts'
import { secretFor, type Signed, signers } from './sign.ts'

/** A few seconds' worth within all tests; `npm run test:fuzz` sends a hundred thousand. */
const cases = Number(process.env.FUZZ_CASES ?? 1_500)
const atOnce = 50
const timeout = Math.max(120_000, cases * 60)
const batchesOf = (share: number) => Math.max(4, Math.round((cases * share) / atOnce))

/** Shrinking would send thousands more, and a batch is no reading matter: the seed brings a failure back. */
const settings = <T>(numRuns: number): fc.Parameters<T> => ({
  numRuns,
  endOnFailure: true,
  reporter({ failed, seed, counterexamplePath, errorInstance }: fc.RunDetails<T>) {
    if (failed) throw new Error(`seed ${seed}, path ${counterexamplePath}`, { cause: errorInstance })
  },
})
const run = <T>(share: number) => settings<T>(batchesOf(share))

const kinds = Object.keys(formAdapters) as FormAdapterKind[]
const sources = new Map<FormAdapterKind, Source>()
/** What the Graph answers, by the id of the lead. */
const graph = new Map<string, string>()
let service: TestService
beforeAll(async () => {
  service = await createTestService({
    overrides: {
      formReaders: {
        'meta-lead-ads': { read: async (id) => ({ outcome: 'read', body: graph.get(id) ?? '{}' }) },
      },
    },
  })
  for (const adapter of kinds)
    sources.set(
      adapter,
      await service.addSource({
        slug: adapter,
        adapter,
        secrets: adapter === 'html-form' ? [] : [secretFor(adapter)],
        origins: adapter === 'html-form' ? ['https://clinic.example'] : [],
      }),
    )
})
afterAll(() => service?.stop())

type Answer = {
  status: number
  type: string
  json: Record<string, unknown>
  source: Source
  sent: Uint8Array
}

const urlOf = (source: Source) => `${service.baseUrl}/hooks/leads/${source.slug}`

/** Sends a body under a proof, made now with the source's own secret unless something else is said. */
async function send(
  { kind, type, body }: Bent,
  {
    secret,
    at = new Date(),
    spoil = (signed: Signed) => signed,
    origin = 'https://clinic.example',
  }: {
    secret?: string
    at?: Date
    spoil?: (signed: Signed) => Signed
    origin?: string
  } = {},
): Promise<Answer> {
  const source = sources.get(kind)!
  const signed = spoil(
    kind === 'html-form'
      ? { headers: { origin }, suffix: '', body }
      : signers[kind].sign({ body, secret: secret ?? source.secrets[0]!, url: urlOf(source), at }),
  )
  const response = await fetch(urlOf(source) + signed.suffix, {
    method: 'POST',
    headers: { 'content-type': type, ...signed.headers },
    body: new Uint8Array(signed.body),
  })
  const text = await response.text()
  const contentType = response.headers.get('content-type') ?? ''
  return {
    status: response.status,
    type: contentType,
    json: contentType.includes('json') ? (JSON.parse(text) as Record<string, unknown>) : {},
    source,
    sent: signed.body,
  }
}

const told: Record<string, number> = {}
const count = (what: string) => (told[what] = (told[what] ?? 0) + 1)

/** Whether the body had room for the key, where the proof lies in the body. */
function isSigned({ kind }: Bent, { sent, source }: Answer): boolean {
  if (kind !== 'google-ads-lead-form') return true
  try {
    return (
      (JSON.parse(Buffer.from(sent).toString()) as { google_key: unknown }).google_key === source.secrets[0]
    )
  } catch {
    return false
  }
}

const digestOf = (body: Uint8Array) => `raw:${createHash('sha256').update(body).digest('hex')}`

/** Under what an answer says that its body is kept: a capture's id, or the digest of bytes that nobody understood. */
function keptAs({ json, sent, source }: Answer): { id?: string; digest?: string } {
  if (typeof json.captureId === 'string') return { id: json.captureId }
  return { digest: `${source.id} ${digestOf(sent)}` }
}

/** Those of the digests, each after its source, under which unreadable bytes are kept. */
async function unreadableKept(digests: readonly string[]): Promise<Set<string>> {
  const pairs = digests.map((digest) => digest.split(' '))
  const rows = await service.ctx.db
    .select({ sourceId: captures.sourceId, externalId: captures.externalId })
    .from(captures)
    .where(
      and(
        inArray(
          captures.sourceId,
          [...sources.values()].map(({ id }) => id),
        ),
        inArray(
          captures.externalId,
          pairs.map(([, digest]) => digest ?? ''),
        ),
      ),
    )
  const kept = new Set(rows.map(({ sourceId, externalId }) => `${sourceId} ${externalId}`))
  return new Set(digests.filter((digest) => kept.has(digest)))
}

async function everythingStored() {
  const { rows } = await service.ctx.db.execute<Record<string, number>>(sql`
    select (select count(*)::int from captures) as captures, (select count(*)::int from leads) as leads,
      (select count(*)::int from enrollments) as enrollments, (select count(*)::int from deliveries) as deliveries,
      (select count(*)::int from provider_events) as events`)
  return rows[0]!
}

describe('whatever a form’s tool sends', () => {
  test('under its own signature is captured or parked, and never our fault', { timeout }, async () => {
    const started = Date.now()
    await fc.assert(
      fc.asyncProperty(fc.array(bent, { minLength: atOnce, maxLength: atOnce }), async (batch) => {
        const answers = await Promise.all(batch.map((one) => send(one)))
        const kept = answers.flatMap((answer, index) => {
          count(`${answer.status}`)
          if (!isSigned(batch[index]!, answer)) {
            expect(answer.status).toBe(401)
            return []
          }
          const { kind, body } = batch[index]!
          if (![200, 400, 415, 422].includes(answer.status))
            throw new Error(
              `${kind} answered ${answer.status}: ${JSON.stringify(Buffer.from(body).toString())}`,
            )
          if (answer.status !== 200) expect(answer.type).toBe('application/problem+json')
          count(`${answer.json.status ?? 'parked'}`)
          return answer.json.status === 'to-be-read' ? [] : [keptAs(answer)]
        })
        const ids = kept.flatMap(({ id }) => id ?? [])
        const digests = [...new Set(kept.flatMap(({ digest }) => digest ?? []))]
        const found = await service.ctx.db
          .select({ id: captures.id })
          .from(captures)
          .where(inArray(captures.id, ids))
        expect(found).toHaveLength(new Set(ids).size)
        expect(await unreadableKept(digests)).toEqual(new Set(digests))
      }),
      run(0.8),
    )
    const stored = await everythingStored()
    // Not all of it was refused or parked: there were people to enroll.
    expect(stored.enrollments).toBeGreaterThan(batchesOf(0.8))
    expect(stored.events).toBeGreaterThan(0)
    console.log(
      JSON.stringify({
        sent: batchesOf(0.8) * atOnce,
        seconds: (Date.now() - started) / 1_000,
        told,
        stored,
      }),
    )
  })

  test(
    'under no signature, a wrong one, an old one or for other bytes stores nothing',
    { timeout },
    async () => {
      const flaw = fc.constantFrom('none', 'wrong secret', 'old', 'other bytes')
      let refused = 0
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(bent, flaw), { minLength: atOnce, maxLength: atOnce }),
          async (batch) => {
            const before = await everythingStored()
            const answers = await Promise.all(
              batch.map(([one, how]) => {
                if (one.kind === 'html-form') return send(one, { origin: 'https://elsewhere.example' })
                const { coversBody, ages } = signers[one.kind]
                if (how === 'old' && ages) return send(one, { at: new Date(Date.now() - 3_600_000) })
                if (how === 'other bytes' && coversBody && one.kind !== 'netlify')
                  return send(one, {
                    spoil: (signed) => ({ ...signed, body: Buffer.concat([signed.body, Buffer.from(' ')]) }),
                  })
                if (how === 'none')
                  return send(one, {
                    spoil: ({ body }) => ({
                      headers: {},
                      suffix: '',
                      body: one.kind === 'google-ads-lead-form' ? one.body : body,
                    }),
                  })
                return send(one, { secret: secretFor(one.kind) })
              }),
            )
            for (const [index, { status }] of answers.entries())
              expect([batch[index]![0].kind, batch[index]![1], status]).toEqual([
                batch[index]![0].kind,
                batch[index]![1],
                batch[index]![0].kind === 'html-form' ? 403 : 401,
              ])
            refused += answers.length
            expect(await everythingStored()).toEqual(before)
          },
        ),
        run(0.2),
      )
      console.log(JSON.stringify({ refused }))
    },
  )

  test('the Graph’s answer about a lead, whatever it is, is captured or parked', { timeout }, async () => {
    const [sample] = samples.filter(({ kind }) => kind === 'meta-lead-ads')
    const answers = fc.oneof(fc.json(), bentAnswer(sample!.body))
    let id = 5_000_000
    await fc.assert(
      fc.asyncProperty(answers, async (body) => {
        const leadId = String(++id)
        graph.set(leadId, body)
        const naming = {
          object: 'page',
          entry: [{ changes: [{ field: 'leadgen', value: { leadgen_id: leadId } }] }],
        }
        const { status } = await send({
          kind: 'meta-lead-ads',
          type: 'application/json',
          body: Buffer.from(JSON.stringify(naming)),
        })
        expect(status).toBe(200)
        const source = sources.get('meta-lead-ads')!
        const isIt = eq(providerEvents.eventId, `${source.id}/${leadId}`)
        const [event] = await service.ctx.db.select().from(providerEvents).where(isIt)
        await readEvent(service.ctx, event!.id)
        const [after] = await service.ctx.db.select().from(providerEvents).where(isIt)
        expect(after!.status).toBe('applied')
        const digest = `${source.id} ${digestOf(Buffer.from(body))}`
        if (after!.leadId === null) expect(await unreadableKept([digest])).toEqual(new Set([digest]))
      }),
      settings(Math.max(40, Math.round(cases * 0.01))),
    )
  })
})

/** The answer with bytes changed here and there. */
function bentAnswer(body: string): fc.Arbitrary<string> {
  return fc
    .array(fc.tuple(fc.nat({ max: body.length - 1 }), fc.string({ minLength: 1, maxLength: 1 })), {
      maxLength: 4,
    })
    .map((edits) => {
      const all = [...body]
      for (const [at, letter] of edits) all[at] = letter
      return all.join('')
    })
}
