import { describe, expect, test } from 'vitest'
import type { Fault } from '../../src/mail/sandbox/fault.ts'
import { bench, mail } from './support.ts'

describe('a planned fault', () => {
  test.each<[Fault, object]>([
    [
      { kind: 'rate-limit', retryAfter: 7 },
      { statusCode: 429, name: 'rate_limit_exceeded' },
    ],
    [{ kind: 'daily-quota' }, { statusCode: 429, name: 'daily_quota_exceeded' }],
    [{ kind: 'monthly-quota' }, { statusCode: 429, name: 'monthly_quota_exceeded' }],
    [{ kind: 'error' }, { statusCode: 500, name: 'internal_server_error' }],
    [
      { kind: 'error', status: 503 },
      { statusCode: 503, name: 'service_unavailable' },
    ],
    [
      { kind: 'error', status: 401, name: 'restricted_api_key' },
      { statusCode: 401, name: 'restricted_api_key' },
    ],
    [
      { kind: 'error', status: 422, message: 'No.' },
      { statusCode: 422, name: 'invalid_parameter', message: 'No.' },
    ],
    // The SDK cannot read the page, and says application_error with the page's status.
    [{ kind: 'html' }, { statusCode: 502, name: 'application_error' }],
    [{ kind: 'drop-before' }, { statusCode: null, name: 'application_error' }],
  ])('%j refuses one request and accepts nothing', async (fault, error) => {
    const { sandbox, resend } = await bench()
    sandbox.plan(fault)
    const hit = await resend.emails.send(mail(), { idempotencyKey: 'k' })
    expect(hit.data).toBeNull()
    expect(hit.error).toMatchObject(error)
    expect(sandbox.emails()).toEqual([])
    expect(sandbox.attempts()).toMatchObject([{ fault: fault.kind, acceptedIds: [], idempotencyKey: 'k' }])
    expect((await resend.emails.send(mail(), { idempotencyKey: 'k' })).error).toBeNull()
    expect(sandbox.emails()).toHaveLength(1)
  })

  test('rate-limit says when to come back, and looks like the real one', async () => {
    const { sandbox, resend } = await bench({ requestsPerSecond: 10 })
    sandbox.plan({ kind: 'rate-limit', retryAfter: 7 })
    const { headers } = await resend.emails.send(mail())
    expect(headers).toMatchObject({ 'retry-after': '7', 'ratelimit-limit': '10' })
  })

  test('drop-after accepts and ends the connection; the key then gives the first answer', async () => {
    const { sandbox, resend } = await bench()
    sandbox.plan({ kind: 'drop-after' })
    const first = await resend.batch.send([mail(), mail()], { idempotencyKey: 'k' })
    expect(first.error).toMatchObject({ statusCode: null, name: 'application_error' })
    const ids = sandbox.emails().map(({ id }) => id)
    expect(ids).toHaveLength(2)
    const again = await resend.batch.send([mail(), mail()], { idempotencyKey: 'k' })
    expect(again.data?.data.map(({ id }) => id)).toEqual(ids)
    expect(sandbox.attempts()).toMatchObject([
      { outcome: 'dropped-after', acceptedIds: ids, replayed: false },
      { outcome: 200, acceptedIds: [], replayed: true },
    ])
  })

  test('null-body gives the SDK neither data nor error', async () => {
    const { sandbox, resend } = await bench()
    sandbox.plan({ kind: 'null-body' })
    expect(await resend.emails.send(mail())).toMatchObject({ data: null, error: null })
    expect(sandbox.emails()).toEqual([])
  })

  test.each(['before', 'after'] as const)('slow, accepting %s the wait', async (accept) => {
    const { sandbox, resend } = await bench()
    sandbox.plan({ kind: 'slow', ms: 200, accept })
    const started = performance.now()
    const sending = resend.emails.send(mail())
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(sandbox.emails()).toHaveLength(accept === 'before' ? 1 : 0)
    expect((await sending).error).toBeNull()
    expect(performance.now() - started).toBeGreaterThan(190)
    expect(sandbox.emails()).toHaveLength(1)
  })

  test('slow: a caller that gives up does not undo the acceptance', async () => {
    const { sandbox, resend } = await bench()
    sandbox.plan({ kind: 'slow', ms: 3_000, accept: 'after' })
    const { error } = await resend.post('/emails', mail(), { signal: AbortSignal.timeout(1_500) } as never)
    expect(error).toMatchObject({ statusCode: null })
    await expect.poll(() => sandbox.emails(), { timeout: 10_000 }).toHaveLength(1)
  })

  test('refuse-items lists them in a permissive batch, and refuses a strict one', async () => {
    const { sandbox, resend } = await bench()
    sandbox.plan({ kind: 'refuse-items', indexes: [0, 2], message: 'Not this one.', times: 2 })
    const items = ['a', 'b', 'c'].map((subject) => mail({ subject }))
    const { data } = await resend.batch.send(items, { batchValidation: 'permissive' })
    expect(data?.errors).toEqual([0, 2].map((index) => ({ index, message: 'Not this one.' })))
    expect(sandbox.emails().map(({ subject }) => subject)).toEqual(['b'])
    expect((await resend.batch.send(items)).error).toMatchObject({
      name: 'validation_error',
      message: 'Not this one.',
    })
  })
})

describe('a plan', () => {
  test('is met in its order, as often as it says', async () => {
    const { sandbox, resend } = await bench()
    sandbox.plan({ kind: 'drop-after' })
    sandbox.plan({ kind: 'rate-limit', times: 2 })
    sandbox.plan({ kind: 'error', status: 422 })
    const outcomes = []
    for (let call = 0; call < 5; call += 1)
      outcomes.push((await resend.emails.send(mail(), { idempotencyKey: 'k' })).error?.statusCode)
    expect(outcomes).toEqual([null, 429, 429, 422, undefined])
    expect(sandbox.emails()).toHaveLength(1)
  })

  test('can pick its requests by recipient or by key', async () => {
    const { sandbox, resend } = await bench()
    sandbox.plan({ kind: 'error', match: 'LEE@' })
    sandbox.plan({ kind: 'error', status: 503, match: 'dispatch-9' })
    const status = async (to: string, idempotencyKey = 'k') =>
      (await resend.batch.send([mail(), mail({ to })], { idempotencyKey })).error?.statusCode
    expect(await status('pat@people.example')).toBeUndefined()
    expect(await status('lee@people.example', 'l')).toBe(500)
    expect(await status('lee@people.example', 'l')).toBeUndefined()
    expect(await status('pat@people.example', 'dispatch-9')).toBe(503)
  })

  test('leaves reading endpoints alone', async () => {
    const { sandbox, resend } = await bench()
    sandbox.plan({ kind: 'error' })
    expect((await resend.emails.list()).error).toBeNull()
    expect((await resend.emails.send(mail())).error).not.toBeNull()
  })

  test('can be made, read and dropped over HTTP', async () => {
    const { sandbox, resend } = await bench()
    const url = `${sandbox.url}/sandbox/faults`
    const headers = { 'content-type': 'application/json' }
    const plan = (body: string) => fetch(url, { method: 'POST', headers, body })
    expect((await plan('{"kind":"error","status":503,"times":2}')).status).toBe(201)
    expect((await resend.emails.send(mail())).error).toMatchObject({ statusCode: 503 })
    expect(await (await fetch(url)).json()).toEqual([{ kind: 'error', status: 503, times: 1 }])
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(204)
    expect((await resend.emails.send(mail())).error).toBeNull()
    expect((await plan('{')).status).toBe(400)
    const wrong = await plan('{"kind":"error","status":200}')
    expect(wrong.status).toBe(422)
    expect(await wrong.json()).toMatchObject({ fields: [{ field: 'status' }] })
    expect(() => sandbox.plan({ kind: 'nonsense' } as never)).toThrow('not a fault')
    // What a form on another site can send is not read as a fault.
    expect((await fetch(url, { method: 'POST', body: '{"kind":"error"}' })).status).toBe(415)
    expect(await (await fetch(url)).json()).toEqual([])
  })
})
