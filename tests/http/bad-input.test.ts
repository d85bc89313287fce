import { request as rawRequest } from 'node:http'
import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { captures, providerEvents, sources } from '../../drizzle/schema/index.ts'
import { eraseLead } from '../../src/actions/erase-lead.ts'
import { replayCapture } from '../../src/actions/replay-capture.ts'
import { latestCaptureId, listParkedCaptures } from '../../src/store/captures.ts'
import type { Health } from '../../src/store/health.ts'
import { findSource, type NewSource, type Source } from '../../src/store/sources.ts'
import { createTestService, type TestService } from '../support/service.ts'
import {
  allLeads,
  type Body,
  capturesOf,
  expectProblem,
  json,
  newWhsec,
  personal,
  send,
  signers,
  storyOf,
  urlencoded,
} from './support.ts'

const bodyLimit = 20_000
const minute = 60_000
const pathSecret = 'a-secret-of-elementor-0123456789abcdef'
const typeformSecret = 'a-secret-of-typeform-0123456789abcdef'
const standardSecret = newWhsec()

let service: TestService
let count = 0

beforeAll(async () => {
  service = await createTestService({ env: { BODY_LIMIT_BYTES: String(bodyLimit) } })
})
afterAll(() => service?.stop())

/** One way in: how a request gets there, and what it looks like when nothing is wrong with it. */
type Hook = {
  name: string
  /** Null: not a source, so nothing is counted there. */
  source: Partial<NewSource> | null
  path: (slug: string) => string
  type: string
  body: string
  headers: (body: Body, at?: Date) => Record<string, string>
  /** The header that proves who sent it; null where the address does, or nothing can. */
  proof: string | null
  /** How far the clock may be off; null where nothing signed holds a time. */
  tolerance: number | null
}

const person = { ...personal, consent: 'yes' }

const hooks: readonly Hook[] = [
  {
    name: 'html-form',
    source: { adapter: 'html-form' },
    path: (slug) => `/hooks/leads/${slug}`,
    type: urlencoded,
    body: new URLSearchParams(person).toString(),
    headers: () => ({}),
    proof: null,
    tolerance: null,
  },
  {
    name: 'elementor',
    source: { adapter: 'elementor', secrets: [pathSecret] },
    path: (slug) => `/hooks/leads/${slug}/${pathSecret}`,
    type: urlencoded,
    body: new URLSearchParams({ form_id: 'contact', form_name: 'Contact', ...person }).toString(),
    headers: () => ({}),
    proof: null,
    tolerance: null,
  },
  {
    name: 'typeform',
    source: { adapter: 'typeform', secrets: [typeformSecret] },
    path: (slug) => `/hooks/leads/${slug}`,
    type: json,
    body: JSON.stringify({
      event_type: 'form_response',
      form_response: {
        token: 'response-1',
        answers: [{ type: 'email', email: personal.email, field: { ref: 'email', type: 'email' } }],
      },
    }),
    headers: (body) => signers.typeform(body, typeformSecret),
    proof: 'typeform-signature',
    tolerance: null,
  },
  {
    name: 'standard-webhooks',
    source: { adapter: 'standard-webhooks', secrets: [standardSecret] },
    path: (slug) => `/hooks/leads/${slug}`,
    type: json,
    body: JSON.stringify({ type: 'lead.submitted', data: person }),
    headers: (body, at = new Date()) => signers['standard-webhooks'](body, standardSecret, at),
    proof: 'webhook-signature',
    tolerance: 5 * minute,
  },
  {
    name: 'resend',
    source: null,
    path: () => '/hooks/resend',
    type: json,
    body: JSON.stringify({ type: 'email.delivered', data: { email_id: 'none', to: [personal.email] } }),
    headers: (body, at = new Date()) =>
      signers.resend(body, service.ctx.config.resend.webhookSecrets[0]!, at),
    proof: 'svix-signature',
    tolerance: 5 * minute,
  },
  {
    name: 'calendly',
    source: null,
    path: () => '/hooks/bookings/calendly',
    type: json,
    body: JSON.stringify({
      event: 'invitee.created',
      created_at: '2026-03-04T15:00:00Z',
      payload: { uri: 'https://api.calendly.com/invitees/1', email: personal.email },
    }),
    headers: (body, at = new Date()) => signers.calendly(body, service.calendlySecret, at),
    proof: 'calendly-webhook-signature',
    tolerance: 3 * minute,
  },
]

/** A source of its own for a test, and the hook bound to it. */
async function open(hook: Hook) {
  const slug = `${hook.name}-${++count}`
  const source = hook.source ? await service.addSource({ slug, ...hook.source }) : null
  const post = (body: Body, headers: Record<string, string> = hook.headers(body), path = hook.path(slug)) =>
    send(service, path, { headers: { 'content-type': hook.type, ...headers }, body })
  return { source, path: hook.path(slug), post }
}

/** Rows that a request could have left behind. */
async function stored(source: Source | null): Promise<number> {
  if (source) return (await capturesOf(service, source)).length
  return service.ctx.db.$count(providerEvents)
}

async function refusedCount(source: Source): Promise<number> {
  return (await findSource(service.ctx.db, source.slug))!.refusedCount
}

function flipped(text: string, at: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Buffer.from(text))
  bytes[at]! ^= 1
  return bytes
}

test('refusals are shown on the health page, by source', async () => {
  const source = await service.addSource({ slug: 'refusing', adapter: 'typeform', secrets: ['other'] })
  for (let index = 0; index < 3; index++)
    await send(service, '/hooks/leads/refusing', {
      headers: { 'typeform-signature': 'sha256=x' },
      body: '{}',
    })
  const health = (await (await send(service, '/health', { method: 'GET' })).json()) as Health
  expect(health.sourcesRefusing).toContainEqual({
    source: source.slug,
    refused: 3,
    last: expect.any(String),
  })
})

/** Refused as `code`, counted once on the source, and nothing kept. */
async function refused(
  hook: Hook,
  sent: (hook: Awaited<ReturnType<typeof open>>) => Promise<Response>,
  code = 'unauthorized',
) {
  const opened = await open(hook)
  const before = await stored(opened.source)
  await expectProblem(await sent(opened), 401, code)
  expect(await stored(opened.source)).toBe(before)
  if (opened.source) expect(await refusedCount(opened.source)).toBe(1)
}

const signed = hooks.flatMap((hook) => (hook.proof === null ? [] : [{ ...hook, proof: hook.proof }]))
const timed = signed.flatMap((hook) =>
  hook.tolerance === null ? [] : [{ ...hook, tolerance: hook.tolerance }],
)

describe.each(signed)('signed: $name', (hook) => {
  test('is taken when nothing is wrong', async () => {
    const { source, post } = await open(hook)
    const before = await stored(source)
    expect((await post(hook.body)).status).toBe(200)
    expect(await stored(source)).toBe(before + 1)
    if (source) expect(await refusedCount(source)).toBe(0)
  })

  test('without any of its headers', async () => {
    const complete = hook.headers(hook.body)
    for (const name of Object.keys(complete)) {
      const { [name]: _gone, ...headers } = complete
      await refused(hook, ({ post }) => post(hook.body, headers))
    }
    await refused(hook, ({ post }) => post(hook.body, {}))
  })

  test('with an empty, garbled, truncated or foreign signature', async () => {
    const headers = hook.headers(hook.body)
    const value = headers[hook.proof]!
    const foreign = hook.headers('{}')[hook.proof]!
    for (const wrong of ['', 'x', 'v1,', 't=,v1=', value.slice(0, -4), `${value.slice(0, -4)}AAAA`, foreign])
      await refused(hook, ({ post }) => post(hook.body, { ...headers, [hook.proof]: wrong }))
  })

  test('with one byte flipped, wherever it is', async () => {
    const headers = hook.headers(hook.body)
    for (const at of [0, Math.floor(hook.body.length / 2), hook.body.length - 1])
      await refused(hook, ({ post }) => post(flipped(hook.body, at), headers))
    await refused(hook, ({ post }) => post(`${hook.body} `, headers))
    await refused(hook, ({ post }) => post('', headers))
  })
})

describe.each(timed)('signed with a time: $name', (hook) => {
  test('too long ago, or in the future', async () => {
    for (const off of [-1, 1]) {
      const at = new Date(Date.now() + off * (hook.tolerance + 20_000))
      await refused(hook, ({ post }) => post(hook.body, hook.headers(hook.body, at)), 'stale')
      const near = new Date(Date.now() + off * (hook.tolerance - 20_000))
      expect((await (await open(hook)).post(hook.body, hook.headers(hook.body, near))).status).toBe(200)
    }
  })

  test('with an old signature and its time moved to now', async () => {
    const headers = hook.headers(hook.body, new Date(Date.now() - 30 * minute))
    const now = String(Math.floor(Date.now() / 1_000))
    const moved = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        name.endsWith('timestamp') ? now : value.replace(/^t=\d+/, `t=${now}`),
      ]),
    )
    await refused(hook, ({ post }) => post(hook.body, moved))
  })
})

describe('a secret in the address', () => {
  const hook = hooks.find(({ name }) => name === 'elementor')!

  test('missing, wrong, cut or with one character changed', async () => {
    const { source, post } = await open(hook)
    const slug = source!.slug
    const wrong = [
      `/hooks/leads/${slug}`,
      `/hooks/leads/${slug}/wrong`,
      `/hooks/leads/${slug}/${pathSecret.slice(0, -1)}`,
      `/hooks/leads/${slug}/${pathSecret.slice(0, -1)}g`,
      `/hooks/leads/${slug}/${pathSecret}%00`,
    ]
    for (const path of wrong) await expectProblem(await post(hook.body, {}, path), 401, 'unauthorized')
    expect(await capturesOf(service, source!)).toEqual([])
    expect(await refusedCount(source!)).toBe(wrong.length)
    expect((await post(hook.body)).status).toBe(200)
  })

  test('is not repeated by an answer', async () => {
    const answer = await send(service, `/hooks/leads/nobody/${pathSecret}`, { body: hook.body })
    expect(await answer.text()).not.toContain(pathSecret)
    const nowhere = await send(service, `/hook/leads/nobody/${pathSecret}`, { body: hook.body })
    expect(await nowhere.text()).not.toContain(pathSecret)
  })
})

describe('bodies that cannot be read', () => {
  const isJson = hooks.filter(({ type, source }) => type === json && source)
  const isForm = hooks.filter(({ type }) => type === urlencoded)

  test.each(isJson)('malformed JSON to $name: 400, and parked', async (hook) => {
    const { source, post } = await open(hook)
    for (const body of ['{"a":', '', 'null,', '[1', '{"a":1}}', '\u0000', `${hook.body}\n,`])
      await expectProblem(await post(body), 400, 'malformed')
    const bytes = new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])
    await expectProblem(await post(bytes), 400, 'malformed')
    const rows = await capturesOf(service, source!)
    expect(rows.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 'parked'))
    expect(rows.map(({ body }) => body)).toContainEqual(Buffer.from(bytes))
  })

  test('malformed JSON to html-form: 400, and parked', async () => {
    const { source, path } = await open(hooks[0]!)
    await expectProblem(
      await send(service, path, { headers: { 'content-type': json }, body: '{"email":' }),
      400,
      'malformed',
    )
    expect(await capturesOf(service, source!)).toMatchObject([{ status: 'parked', contentType: json }])
  })

  test.each(isForm)('a wrong content type to $name: 415, and parked', async (hook) => {
    const { source, path } = await open(hook)
    for (const type of ['text/plain', 'application/xml', 'x', ''])
      await expectProblem(
        await send(service, path, { headers: { 'content-type': type }, body: hook.body }),
        415,
        'unsupported',
      )
    const rows = await capturesOf(service, source!)
    expect(rows).toMatchObject([{ status: 'parked', body: Buffer.from(hook.body) }])
  })

  test.each(isForm)('broken form bodies to $name', async (hook) => {
    const { path } = await open(hook)
    const to = (type: string, body: Body) => send(service, path, { headers: { 'content-type': type }, body })
    await expectProblem(await to('multipart/form-data', 'x'), 400, 'malformed')
    await expectProblem(await to('multipart/form-data; boundary=b', 'x'), 400, 'malformed')
    await expectProblem(await to(urlencoded, new Uint8Array([0x61, 0x3d, 0xff])), 400, 'malformed')
  })

  test('broken form bodies to what is no webhook', async () => {
    const { path } = await open(hooks[0]!)
    for (const at of [path.replace('/hooks/leads/', '/f/') + '/start', '/studio/sign-in'])
      for (const type of ['multipart/form-data', 'multipart/form-data; boundary=b'])
        await expectProblem(
          await send(service, at, {
            headers: { 'content-type': type, 'sec-fetch-site': 'same-origin' },
            body: personal.email,
          }),
          400,
          'malformed',
        )
  })

  test('a file where none is taken: 415, naming the field', async () => {
    const { path } = await open(hooks[0]!)
    const form = new FormData()
    form.set('email', personal.email)
    form.set('scan', new File(['bytes'], 'spine.png'))
    const problem = await expectProblem(await send(service, path, { body: form }), 415, 'unsupported')
    expect(problem.errors).toEqual([{ field: 'scan', message: expect.any(String) }])
  })
})

describe('fields that are not valid: 422 names them, and it is parked', () => {
  const notAddresses = [
    '',
    '  ',
    'quintessa',
    'a@b',
    'a@b@c.example',
    'a b@c.example',
    `${'x'.repeat(10_000)}@y.example`,
  ]

  test.each(['html-form', 'elementor'])('%s', async (name) => {
    const hook = hooks.find((one) => one.name === name)!
    const { source, post } = await open(hook)
    for (const email of notAddresses) {
      const fields = { ...Object.fromEntries(new URLSearchParams(hook.body)), email }
      const problem = await expectProblem(await post(new URLSearchParams(fields).toString()), 422, 'invalid')
      expect(problem.errors).toEqual([{ field: 'email', message: expect.any(String) }])
    }
    const rows = await capturesOf(service, source!)
    expect(rows.map(({ status }) => status)).toEqual(notAddresses.map(() => 'parked'))
  })

  test('typeform', async () => {
    const hook = hooks.find((one) => one.name === 'typeform')!
    const { source, post } = await open(hook)
    const body = hook.body.replace(personal.email, 'quintessa at lead')
    expect((await expectProblem(await post(body), 422, 'invalid')).errors?.[0]?.field).toBe('email')
    expect(await capturesOf(service, source!)).toMatchObject([{ status: 'parked' }])
  })

  test('standard-webhooks', async () => {
    const hook = hooks.find((one) => one.name === 'standard-webhooks')!
    const { source, post } = await open(hook)
    const body = hook.body.replace(personal.email, 'quintessa at lead')
    expect((await expectProblem(await post(body), 422, 'invalid')).errors?.[0]?.field).toBe('email')
    expect(await capturesOf(service, source!)).toMatchObject([{ status: 'parked' }])
  })
})

describe('bodies that are too large: 413, and nothing kept', () => {
  test.each(hooks)('$name', async (hook) => {
    const { source, path } = await open(hook)
    const before = await stored(source)
    const body = `${hook.body}${'&x='.padEnd(bodyLimit, 'a')}`
    const headers = { 'content-type': hook.type, ...hook.headers(body) }
    await expectProblem(await send(service, path, { headers, body }), 413, 'too-large')
    const chunked = await sendChunked(path, headers, body)
    expect([chunked.status, chunked.type]).toEqual([413, 'application/problem+json'])
    expect(JSON.parse(chunked.text)).toMatchObject({ type: 'urn:nurture:problem:too-large', status: 413 })
    expect(await stored(source)).toBe(before)
  })

  test('one byte more than allowed is too much, exactly as much is not', async () => {
    const { path } = await open(hooks[0]!)
    const start = `${hooks[0]!.body}&notes=`
    const headers = { 'content-type': urlencoded }
    const at = (size: number) => start.padEnd(size, 'a')
    expect((await send(service, path, { headers, body: at(bodyLimit) })).status).toBe(200)
    await expectProblem(await send(service, path, { headers, body: at(bodyLimit + 1) }), 413, 'too-large')
    expect((await sendChunked(path, headers, at(bodyLimit))).status).toBe(200)
    expect((await sendChunked(path, headers, at(bodyLimit + 1))).status).toBe(413)
  })
})

/** Sends a body in pieces, without saying how long it is. */
function sendChunked(path: string, headers: Record<string, string>, body: string) {
  return new Promise<{ status: number; type: string | undefined; text: string }>((resolve, reject) => {
    const outgoing = rawRequest(`${service.baseUrl}${path}`, { method: 'POST', headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (piece: string) => (text += piece))
      answer.on('end', () =>
        resolve({ status: answer.statusCode!, type: answer.headers['content-type'], text }),
      )
    })
    outgoing.on('error', reject)
    for (let at = 0; at < body.length; at += 4_096) outgoing.write(body.slice(at, at + 4_096))
    outgoing.end()
  })
}

describe('addresses that lead nowhere', () => {
  test('an unknown source, tool or route: 404', async () => {
    const nowhere = [
      '/hooks/leads/nobody',
      '/hooks/leads/nobody/secret',
      '/hooks/leads/',
      '/hooks/leads/%00',
      '/hooks/leads/a%00b',
      '/hooks/leads/%F0%28%8C',
      '/hooks/leads/%',
      `/hooks/leads/${'x'.repeat(5_000)}`,
      '/hooks/leads/__proto__',
      '/hooks/bookings/nobody',
      '/hooks/bookings/__proto__',
      '/hooks/bookings/constructor',
      '/hooks/bookings/%00',
      '/hooks/resend/more',
      '/hooks',
      '/nowhere',
      `/unsubscribe/${personal.email}`,
      '/../../etc/passwd',
      '//',
    ]
    for (const path of nowhere)
      await expectProblem(await send(service, path, { body: personal.email }), 404, 'not-found')
  })

  test('an unknown source is the same with and without a body that is right', async () => {
    const hook = hooks[0]!
    const headers = { 'content-type': urlencoded }
    await expectProblem(
      await send(service, '/hooks/leads/nobody', { headers, body: hook.body }),
      404,
      'not-found',
    )
  })

  test('a wrong method does nothing', async () => {
    const { source, path } = await open(hooks[0]!)
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      for (const at of [path, `${path}/secret`, '/hooks/resend', '/hooks/bookings/calendly']) {
        const answer = await send(service, at, { method })
        expect(answer.headers.get('allow')).toBe(at.startsWith(path) ? 'OPTIONS, POST' : 'POST')
        await expectProblem(answer, 405, 'wrong-method')
      }
      for (const at of ['/hooks/leads/nobody', '/hooks/leads/nobody/secret', '/hooks/bookings/nobody'])
        await expectProblem(await send(service, at, { method }), 404, 'not-found')
    }
    expect((await send(service, path, { method: 'HEAD' })).status).toBe(405)
    for (const at of ['/health', '/thanks', '/page.css'])
      await expectProblem(await send(service, at), 404, 'not-found')
    expect(await capturesOf(service, source!)).toEqual([])
  })
})

test.each(hooks)('a browser that sends to $name gets a page', async (hook) => {
  const { path } = await open(hook)
  const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
  const answer = await send(service, path.replace(pathSecret, 'wrong'), {
    headers: { accept, 'content-type': 'text/plain' },
    body: personal.email,
  })
  expect([401, 415]).toContain(answer.status)
  expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
  const text = await answer.text()
  expect(text).toContain('<h1')
  expect(text).not.toContain(personal.email)
})

test('a page repeats hostile field names as text', async () => {
  const { path } = await open(hooks[0]!)
  const form = new FormData()
  form.set('<script>alert(1)</script>', new File(['x'], 'x'))
  const answer = await send(service, path, { headers: { accept: 'text/html' }, body: form })
  expect(answer.status).toBe(415)
  const text = await answer.text()
  expect(text).not.toContain('<script>')
  expect(text).toContain('&lt;script&gt;')
})

describe('a body of another shape', () => {
  const unmappable = JSON.stringify({ data: { Kontakt: personal.email, naïve: 'ü\u2028', n: 1e21 } }, null, 3)

  test('is parked with 200, keeps its bytes, and becomes a lead once the mapping is mended', async () => {
    const hook = hooks.find(({ name }) => name === 'standard-webhooks')!
    const { source, post } = await open(hook)
    const first = await post(unmappable)
    expect(first.status).toBe(200)
    const result = (await first.json()) as { captureId: string }
    expect(result).toEqual({
      captureId: expect.any(String),
      status: 'parked',
      leadId: null,
      duplicate: false,
    })
    expect(await (await post(unmappable)).json()).toEqual({ ...result, duplicate: true })

    const listed = await listParkedCaptures(service.ctx.db, 1_000)
    const shown = listed.filter(({ source: slug }) => slug === source!.slug)
    expect(shown).toMatchObject([{ id: result.captureId, bytes: Buffer.byteLength(unmappable) }])
    expect(shown[0]!.reason).toContain('Map one of the fields to email')
    expect(JSON.stringify(shown)).not.toContain(personal.email)
    const [row] = await capturesOf(service, source!)
    expect(row!.body).toEqual(Buffer.from(unmappable))

    await expect(replayCapture(service.ctx, { captureId: row!.id, actor: 'test' })).resolves.toMatchObject({
      status: 'parked',
    })
    await service.ctx.db
      .update(sources)
      .set({ mapping: { email: 'Kontakt' } })
      .where(eq(sources.id, source!.id))
    const replayed = await replayCapture(service.ctx, { captureId: row!.id, actor: 'test' })
    expect(replayed).toMatchObject({ status: 'mapped', leadId: expect.any(String), duplicate: false })
    const story = await storyOf(service, personal.email)
    expect(story.lead.id).toBe(replayed.leadId)
    // What the front desk is told of later is what was understood, however late the bytes came.
    const receivedAt = new Date(row!.receivedAt.getTime() + 1)
    await service.ctx.db.update(captures).set({ receivedAt }).where(eq(captures.id, row!.id))
    expect(await latestCaptureId(service.ctx.db, replayed.leadId!)).toBe(replayed.captureId)
    const left = await listParkedCaptures(service.ctx.db, 1_000)
    expect(left.filter(({ source: slug }) => slug === source!.slug)).toEqual([])
    await expect(replayCapture(service.ctx, { captureId: row!.id, actor: 'test' })).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  test('what erasure takes away includes a parked body that was replayed', async () => {
    const email = 'erased.after.replay@lead.example'
    const source = await service.addSource({ slug: 'replayed', adapter: 'html-form' })
    await send(service, '/hooks/leads/replayed', {
      headers: { 'content-type': json },
      body: JSON.stringify({ Kontakt: email }),
    })
    const [row] = await capturesOf(service, source)
    expect(row!.status).toBe('parked')
    await service.ctx.db
      .update(sources)
      .set({ mapping: { email: 'Kontakt' } })
      .where(eq(sources.id, source.id))
    await replayCapture(service.ctx, { captureId: row!.id, actor: 'test' })
    await eraseLead(service.ctx, { email, actor: 'test' })
    expect((await capturesOf(service, source)).map(({ body }) => body)).toEqual([null, null])
  })

  test.each([
    ['an array', '[]'],
    ['a text', '"quintessa"'],
    ['null', 'null'],
    ['no fields', '{}'],
    ['fields of no kind', '{"data":{"email":{"a":{"b":1}},"list":[[["x"]]]}}'],
    ['only __proto__', '{"__proto__":{"email":"quintessa.zeller@lead.example"}}'],
  ])('%s is parked', async (_name, body) => {
    const hook = hooks.find(({ name }) => name === 'standard-webhooks')!
    const { source, post } = await open(hook)
    expect(await (await post(body)).json()).toMatchObject({ status: 'parked', leadId: null })
    expect(await capturesOf(service, source!)).toMatchObject([{ status: 'parked', body: Buffer.from(body) }])
  })
})

describe('bodies meant to break it', () => {
  const hostile: [string, string][] = [
    ['NUL bytes', JSON.stringify({ email: 'nul@lead.example', first_name: 'a\u0000b', 'k\u0000': '\u0000' })],
    ['lone surrogates', '{"email":"surrogate@lead.example","first_name":"\\ud800","\\udfff":"\\ud83d"}'],
    [
      'values of 10 kB',
      JSON.stringify({ email: 'long@lead.example', first_name: 'é'.repeat(5_000), notes: 'x'.repeat(5_000) }),
    ],
    [
      '300 fields',
      JSON.stringify(
        Object.fromEntries([
          ['email', 'many@lead.example'],
          ...Array.from({ length: 300 }, (_, n) => [`f${n}`, n]),
        ]),
      ),
    ],
    ['deep JSON', `{"email":"deep@lead.example","a":${'['.repeat(8_000)}${']'.repeat(8_000)}}`],
    ['deep objects', `{"email":"deeper@lead.example","a":${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}}`],
    [
      '__proto__ keys',
      '{"email":"proto@lead.example","__proto__":{"first_name":"x"},"constructor":{"prototype":{"a":1}},"toString":"x"}',
    ],
    [
      'arrays for strings',
      '{"email":["array@lead.example"],"first_name":["a","b"],"phone":[[]],"message":[1,true,null]}',
    ],
    [
      'numbers for strings',
      '{"email":"numbers@lead.example","first_name":1e308,"phone":16105550100,"consent":1}',
    ],
    ['a repeated key', '{"email":"first@lead.example","email":"repeated@lead.example"}'],
    [
      'markup',
      '{"email":"markup@lead.example","first_name":"<script>alert(1)</script>","message":"<img src=x>"}',
    ],
    [
      'header injection',
      '{"email":"inject@lead.example","first_name":"a\\r\\nBcc: x@y.example","page_url":"javascript:1"}',
    ],
    [
      'odd zones and numbers',
      '{"email":"odd@lead.example","time_zone":"../../etc","phone":"+0000","zip":"\\u202e"}',
    ],
  ]

  test.each(hostile)('%s: a lead is stored', async (_name, body) => {
    const hook = hooks.find(({ name }) => name === 'standard-webhooks')!
    const { source, post } = await open(hook)
    const sent = body.replace(/^\{/, '{"type":"x",')
    expect(await (await post(sent)).json()).toMatchObject({ status: 'mapped', leadId: expect.any(String) })
    expect(await capturesOf(service, source!)).toMatchObject([{ status: 'mapped', body: Buffer.from(sent) }])
    expect(({} as Record<string, unknown>).first_name).toBeUndefined()
  })

  const anyBytes = fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes))
  const anyJson = fc.jsonValue({ maxDepth: 5 }).map((value) => JSON.stringify(value))
  const key = fc.oneof(
    fc.constantFrom(
      'email',
      'first_name',
      'consent',
      'phone',
      'time_zone',
      'submission_id',
      '__proto__',
      'data',
      'website',
    ),
    fc.string({ unit: 'binary', maxLength: 12 }),
  )
  const value = fc.oneof(
    fc.constantFrom(personal.email, 'yes', 'off', 'America/New_York', '+16105550100', '\u0000', '\ud800'),
    fc.jsonValue({ maxDepth: 2, noUnicodeString: false }),
  )
  const nearlyRight = fc
    .dictionary(key, value, { maxKeys: 8 })
    .map((fields) => JSON.stringify({ email: 'fuzz@lead.example', ...fields }))
  const type = fc.constantFrom(
    json,
    urlencoded,
    'multipart/form-data; boundary=x',
    'text/plain',
    '',
    'multipart/form-data',
  )

  /** Any answer but a 5xx; a refusal is a problem. */
  async function answered(answer: Response): Promise<void> {
    const text = await answer.text()
    expect([answer.status, answer.status < 500]).toEqual([answer.status, true])
    if (answer.status >= 400) expect(answer.headers.get('content-type')).toBe('application/problem+json')
    else expect(answer.status).toBe(200)
    expect(text).not.toContain(personal.email)
  }

  test.each(hooks)('no bytes and no JSON make $name answer 5xx', async (hook) => {
    const { path } = await open(hook)
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyBytes, anyJson, nearlyRight), type, async (body, contentType) => {
        const bytes = Buffer.from(body)
        const headers = { ...hook.headers(bytes), 'content-type': contentType }
        await answered(await send(service, path, { headers, body: bytes }))
      }),
      { numRuns: 60 },
    )
  })

  test('no form makes html-form answer 5xx', async () => {
    const { path } = await open(hooks[0]!)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(key, fc.string({ unit: 'binary', maxLength: 40 })), { maxLength: 10 }),
        async (pairs) => {
          const body = new URLSearchParams([['email', 'fuzz@lead.example'], ...pairs])
          await answered(await send(service, path, { body }))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('no address makes it answer 5xx', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('hooks/leads', 'hooks/bookings', 'u', 'booked', 'call', 'hooks'),
        fc.oneof(
          fc.webSegment(),
          fc
            .uint8Array({ maxLength: 20 })
            .map((b) => [...b].map((n) => `%${n.toString(16).padStart(2, '0')}`).join('')),
        ),
        fc.constantFrom('GET', 'POST'),
        async (start, segment, method) => {
          const answer = await send(service, `/${start}/${segment}`, { method })
          expect([segment, answer.status]).toEqual([segment, 404])
        },
      ),
      { numRuns: 100 },
    )
  })

  test('and the service is still well', async () => {
    const { post } = await open(hooks[0]!)
    const answer = await post(new URLSearchParams({ email: 'after@lead.example', consent: 'yes' }).toString())
    expect(await answer.json()).toMatchObject({ status: 'received' })
    expect(await service.ctx.db.$count(captures)).toBeGreaterThan(50)
    expect((await allLeads(service)).length).toBeGreaterThan(10)
  })
})
