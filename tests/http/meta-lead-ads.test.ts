import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { captures, enrollments, leads, providerEvents, sources } from '../../drizzle/schema/index.ts'
import { readEvent, takeUpEvent } from '../../src/actions/receive-event.ts'
import { replayCapture } from '../../src/actions/replay-capture.ts'
import { runTick } from '../../src/actions/run-tick.ts'
import { createMetaReader } from '../../src/capture/readers/meta.ts'
import { hmacSha256 } from '../../src/capture/signature.ts'
import { reopenEvent } from '../../src/store/events.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { type StandInApi, startStandInApi } from '../support/stand-in-api.ts'

const secret = 'the-app-s-own-secret'
const path = '/hooks/leads/ads'
let api: StandInApi
let service: TestService
beforeAll(async () => {
  api = await startStandInApi()
  service = await createTestService({
    overrides: {
      formReaders: {
        'meta-lead-ads': createMetaReader({ origin: api.origin, timeoutMs: 300, accessToken: 'page-token' }),
      },
    },
  })
  await service.addSource({ slug: 'ads', name: 'Ads', adapter: 'meta-lead-ads', secrets: [secret] })
})
afterAll(async () => {
  await service?.stop()
  await api?.close()
})
beforeEach(() => {
  api.asked.length = 0
})

const sign = (body: string, key = secret) => `sha256=${hmacSha256(key, body).toString('hex')}`

const post = (body: string, signature: string | null = sign(body)) =>
  fetch(service.baseUrl + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(signature === null ? {} : { 'x-hub-signature-256': signature }),
    },
    body,
  })

let numbers = 1_000
const newId = () => String(++numbers)

const naming = (...ids: string[]) =>
  JSON.stringify({
    object: 'page',
    entry: ids.map((leadgen_id) => ({
      id: '1000',
      time: 1795341690,
      changes: [{ field: 'leadgen', value: { leadgen_id, page_id: '1000', form_id: '777' } }],
    })),
  })

const lead = (id: string, email: string, rest: object = {}) => ({
  status: 200,
  body: {
    id,
    created_time: '2026-03-04T14:59:00+0000',
    form_id: '777',
    field_data: [
      { name: 'email', values: [email] },
      { name: 'full_name', values: ['Pat Lee'] },
    ],
    ...rest,
  },
})

const events = () => service.ctx.db.select().from(providerEvents)
const eventOf = async (id: string) => (await events()).find(({ eventId }) => eventId.endsWith(`/${id}`))!
const countAll = async () => [
  await service.ctx.db.$count(captures),
  await service.ctx.db.$count(providerEvents),
  await service.ctx.db.$count(leads),
]
const leadAt = async (email: string) =>
  (await service.ctx.db.select().from(leads).where(eq(leads.email, email)))[0]

/** Does what the tick asks the readers to do. */
async function readAll(): Promise<void> {
  for (const { id } of (await runTick(service.ctx)).readings) await readEvent(service.ctx, id)
}

describe('the question that Meta asks before it sends anything', () => {
  const ask = (token: string, challenge = '1158201444') =>
    fetch(
      `${service.baseUrl}${path}?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=${encodeURIComponent(challenge)}`,
    )

  test('is answered with its own bare challenge, for the token of that source alone', async () => {
    const answer = await ask(service.ctx.formSecrets.verifyToken('ads'))
    expect([answer.status, await answer.text()]).toEqual([200, '1158201444'])
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/)
    for (const token of ['', 'wrong', service.ctx.formSecrets.verifyToken('other')])
      expect((await ask(token)).status).toBe(403)
    expect((await ask(service.ctx.formSecrets.verifyToken('ads'), '<script>')).status).toBe(404)
  })
})

describe('a webhook that names leads', () => {
  test('is kept at once, and each lead is asked for, captured and enrolled', async () => {
    const [one, two] = [newId(), newId()]
    const body = naming(one, two, one)
    const answer = await post(body)
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'to-be-read', leads: 2 }])
    expect(api.asked).toEqual([])
    expect((await eventOf(one)).body!.toString()).toBe(body)
    api.play(lead(one, 'ad-one@lead.example'), lead(two, 'ad-two@lead.example'))
    await readAll()
    expect(api.asked.map(({ path: asked }) => asked.split('?')[0])).toEqual([
      `/v26.0/${one}`,
      `/v26.0/${two}`,
    ])
    expect(api.asked[0]!.authorization).toBe('Bearer page-token')
    // The token travels in no address.
    expect(api.asked[0]!.path).not.toContain('token')
    for (const email of ['ad-one@lead.example', 'ad-two@lead.example']) {
      const found = await leadAt(email)
      expect(found).toMatchObject({ firstName: 'Pat', lastName: 'Lee' })
      expect(await service.ctx.db.$count(enrollments, eq(enrollments.leadId, found!.id))).toBe(1)
      const [row] = await service.ctx.db.select().from(captures).where(eq(captures.leadId, found!.id))
      expect(JSON.parse(row!.body!.toString())).toMatchObject({ form_id: '777' })
    }
    expect(await eventOf(one)).toMatchObject({ status: 'applied', failures: 0 })
  })

  test('that nobody understood is parked, and once it can be understood a replay asks for its leads', async () => {
    const odd = JSON.stringify({ entry: [{ changes: [{ field: 'leadgen', value: { id: 'new shape' } }] }] })
    const answer = await post(odd)
    const { captureId, status } = (await answer.json()) as { captureId: string; status: string }
    expect([answer.status, status]).toEqual([200, 'parked'])
    const replay = () => replayCapture(service.ctx, { captureId, actor: 'test' })
    expect(await replay().catch(({ code }: { code: string }) => ({ status: code }))).toMatchObject({
      status: 'parked',
    })
    // As if the adapter had learned the new shape.
    const id = newId()
    await service.ctx.db
      .update(captures)
      .set({ body: Buffer.from(naming(id)) })
      .where(eq(captures.id, captureId))
    expect(await replay()).toMatchObject({ captureId, status: 'ignored' })
    api.play(lead(id, 'ad-odd@lead.example'))
    await readAll()
    expect(await leadAt('ad-odd@lead.example')).toMatchObject({ firstName: 'Pat' })
    await expect(replay()).rejects.toMatchObject({ code: 'not-found' })
  })

  test('sent again does nothing again', async () => {
    const id = newId()
    await post(naming(id))
    api.play(lead(id, 'twice@lead.example'))
    await readAll()
    const before = await countAll()
    expect((await post(naming(id))).status).toBe(200)
    await readAll()
    expect(await countAll()).toEqual(before)
    expect(api.asked).toHaveLength(1)
  })

  test('is not lost while the Graph is away: it is asked again, parked at last, and can be replayed', async () => {
    const id = newId()
    await post(naming(id))
    api.play({ status: 500 }, { raw: 'no JSON' }, 'cut', { status: 400, body: { error: { code: 190 } } })
    const event = await eventOf(id)
    for (let tries = 0; tries < 40; tries++) {
      expect(await eventOf(id)).toMatchObject({ status: 'pending', failures: tries })
      await service.ctx.db
        .update(providerEvents)
        .set({ nextAttemptAt: null })
        .where(eq(providerEvents.id, event.id))
      await readEvent(service.ctx, event.id)
    }
    expect(await eventOf(id)).toMatchObject({ status: 'parked', reason: 'the tool answered 400' })
    api.play(lead(id, 'late@lead.example'))
    expect(await reopenEvent(service.ctx.db, event.id)).toBe(true)
    await takeUpEvent(service.ctx, event.id)
    expect(await eventOf(id)).toMatchObject({ status: 'applied' })
    expect(await leadAt('late@lead.example')).toBeDefined()
  })

  test('is not asked about before its pause is over', async () => {
    const id = newId()
    await post(naming(id))
    api.play({ status: 503 })
    await readAll()
    await readAll()
    expect(api.asked).toHaveLength(1)
  })

  test('an answer that has no address is parked as a capture, and a test lead enrolls nobody', async () => {
    const [odd, dummyId] = [newId(), newId()]
    await post(naming(odd, dummyId))
    const dummy = {
      field_data: [
        { name: 'email', values: ['test@meta.com'] },
        { name: 'full_name', values: ['<test lead: dummy data for full_name>'] },
      ],
    }
    api.play(lead(odd, 'x', { field_data: [{ name: 'color', values: ['red'] }] }), lead(dummyId, 'x', dummy))
    await readAll()
    for (const id of [odd, dummyId]) expect(await eventOf(id)).toMatchObject({ status: 'applied' })
    const rows = await service.ctx.db.select().from(captures)
    const of = (id: string) => rows.find(({ body }) => body?.toString().includes(`"id":"${id}"`))
    expect(of(odd)).toMatchObject({ status: 'parked' })
    expect(of(dummyId)).toMatchObject({ status: 'ignored', reason: 'a test of the source', leadId: null })
  })

  test('without a token to ask with, it is parked where a person sees it', async () => {
    const id = newId()
    await post(naming(id))
    const { id: event } = await eventOf(id)
    await readEvent({ ...service.ctx, formReaders: {} }, event)
    expect(await eventOf(id)).toMatchObject({ status: 'parked', reason: 'no key to ask with' })
  })
})

describe('what is no such webhook', () => {
  test.each([
    ['no signature', naming('1'), null],
    ['a wrong one', naming('1'), sign(naming('1'), 'other-secret')],
    ['one of other bytes', naming('1'), sign(naming('2'))],
  ])('%s stores nothing, and is counted', async (_what, body, signature) => {
    const before = await countAll()
    const [source] = await service.ctx.db.select().from(sources)
    expect((await post(body, signature)).status).toBe(401)
    expect(await countAll()).toEqual(before)
    const [after] = await service.ctx.db.select().from(sources)
    expect(after!.refusedCount).toBe(source!.refusedCount + 1)
  })

  test.each([
    ['parked', 400, 'no JSON'],
    ['parked', 200, '[]'],
    ['parked', 200, naming('../me')],
    ['parked', 200, naming('1?fields=access_token')],
    ['ignored', 200, '{"object":"page","entry":[{"changes":[{"field":"feed","value":1}]}]}'],
  ])('signed, it is %s with %s: %s', async (status, code, body) => {
    const [, known] = await countAll()
    expect((await post(body)).status).toBe(code)
    const rows = await service.ctx.db.select().from(captures)
    expect(rows.find((row) => row.body?.toString() === body)).toMatchObject({ status, leadId: null })
    // Nothing of it is ever asked for.
    expect((await countAll())[1]).toBe(known)
  })
})
