import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { captures } from '../../drizzle/schema/index.ts'
import { replayCapture } from '../../src/actions/replay-capture.ts'
import { createFormSecrets } from '../../src/form-secrets.ts'
import { listSuspects } from '../../src/store/captures.ts'
import { findSource } from '../../src/store/sources.ts'
import { createTestService, type TestService } from '../support/service.ts'
import {
  capturesOf,
  expectProblem,
  json,
  mailsTo,
  personal,
  send,
  settle,
  storyOf,
  urlencoded,
} from './support.ts'

const clinic = 'https://clinic.example'
const asBrowser = { accept: 'text/html,application/xhtml+xml', 'content-type': urlencoded }

let service: TestService
beforeAll(async () => {
  service = await createTestService()
  await service.addSource({ slug: 'open' })
  await service.addSource({ slug: 'listed', origins: [clinic] })
})
afterAll(() => service?.stop())

let people = 0
const newAddress = () => `visitor-${++people}@lead.example`

function post(slug: string, fields: Record<string, string>, headers: Record<string, string>) {
  return send(service, `/hooks/leads/${slug}`, {
    headers: { 'content-type': urlencoded, ...headers },
    body: new URLSearchParams({ submission_id: randomUUID(), consent: 'yes', ...fields }).toString(),
  })
}

const preflight = (slug: string, origin: string) =>
  send(service, `/hooks/leads/${slug}`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    },
  })

describe('sites that may send a form', () => {
  test('a listed site may, by script and by form; the script can read the answer', async () => {
    const asked = await preflight('listed', clinic)
    expect([asked.status, Object.fromEntries(asked.headers)]).toEqual([
      204,
      expect.objectContaining({
        'access-control-allow-origin': clinic,
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'content-type',
        vary: 'origin',
      }),
    ])
    const byScript = await send(service, '/hooks/leads/listed', {
      headers: { origin: clinic, 'content-type': json },
      body: JSON.stringify({ email: newAddress(), consent: true }),
    })
    expect([byScript.status, byScript.headers.get('access-control-allow-origin')]).toEqual([200, clinic])
    for (const headers of [
      { origin: clinic },
      { referer: `${clinic}/contact?page=2` },
      { origin: service.baseUrl },
    ])
      expect((await post('listed', { email: newAddress() }, { ...asBrowser, ...headers })).status).toBe(303)
  })

  test('and can read what was wrong', async () => {
    const answer = await post('listed', { ...personal, email: 'nobody' }, { origin: clinic })
    expect(answer.headers.get('access-control-allow-origin')).toBe(clinic)
    const { errors } = await expectProblem(answer, 422, 'invalid')
    expect(errors).toMatchObject([{ field: 'email' }])
  })

  test.each([
    ['another site', { origin: 'https://elsewhere.example' }],
    ['another port', { origin: `${clinic}:8443` }],
    ['without TLS', { origin: 'http://clinic.example' }],
    ['a name that begins alike', { origin: `${clinic}.evil.example` }],
    ['a page that hides', { origin: 'null', referer: `${clinic}/` }],
    ['another referrer', { referer: 'https://elsewhere.example/?from=https://clinic.example' }],
    ['no page at all', {}],
  ])('refused, not stored and counted: %s', async (_, headers) => {
    const source = (await findSource(service.ctx.db, 'listed'))!
    const before = await capturesOf(service, source)
    const answer = await post('listed', { ...personal }, headers)
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    await expectProblem(answer, 403, 'forbidden')
    expect(await capturesOf(service, source)).toEqual(before)
    expect((await findSource(service.ctx.db, 'listed'))!.refusedCount).toBe(source.refusedCount + 1)
  })

  test('a preflight of a site that is not listed is refused', async () => {
    const answer = await preflight('listed', 'https://elsewhere.example')
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    await expectProblem(answer, 403, 'forbidden')
  })

  test('with none listed any form may be sent, and no script may read the answer', async () => {
    const answer = await post('open', { email: newAddress() }, { origin: 'https://elsewhere.example' })
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, null])
    await expectProblem(await preflight('open', 'https://elsewhere.example'), 403, 'forbidden')
  })

  test('no other kind of source answers a script', async () => {
    await service.addSource({ slug: 'tool', adapter: 'bearer', secrets: ['x'.repeat(32)], origins: [clinic] })
    await expectProblem(await preflight('tool', clinic), 405, 'wrong-method')
  })
})

describe('suspected bots', () => {
  const openedBefore = (seconds: number, stamps = service.ctx.formSecrets) =>
    stamps.stamp(new Date(Date.now() - seconds * 1_000))

  async function captureAfter(answer: Response) {
    expect(answer.status).toBe(200)
    const { captureId } = (await answer.json()) as { captureId: string }
    const [row] = await service.ctx.db.select().from(captures).where(eq(captures.id, captureId))
    return row!
  }

  test('a form that comes back within three seconds is kept and never mailed, and looks like any other', async () => {
    const email = newAddress()
    const quick = await post('open', { email, started_at: openedBefore(1) }, {})
    const slow = await post('open', { email: newAddress(), started_at: openedBefore(4) }, {})
    const shape = async (answer: Response) => {
      const body = (await answer.clone().json()) as Record<string, unknown>
      const headers = Object.fromEntries([...answer.headers].filter(([name]) => name !== 'date'))
      return [answer.status, headers, Object.keys(body), body.status]
    }
    expect(await shape(quick)).toEqual(await shape(slow))
    expect(await captureAfter(quick)).toMatchObject({
      status: 'ignored',
      reason: expect.stringMatching(/^a suspected bot: sent 1\.\d s after the form was opened$/),
      leadId: null,
    })
    expect(await captureAfter(slow)).toMatchObject({ status: 'mapped' })
    await settle(service)
    expect(service.sandbox.emails().some(({ to, text }) => to.includes(email) || text?.includes(email))).toBe(
      false,
    )
    expect((await post('open', { email, started_at: openedBefore(0) }, asBrowser)).status).toBe(303)
  })

  test.each([
    ['none', () => null],
    ['one that nobody signed', () => String(Date.now())],
    ['one of another service', () => openedBefore(1, createFormSecrets('another secret'))],
    ['one of long ago', () => openedBefore(90_000)],
  ])('a stamp is no proof against anybody: %s', async (_, stamp) => {
    const started_at = stamp()
    const sent = { email: newAddress(), ...(started_at === null ? {} : { started_at }) }
    expect(await captureAfter(await post('open', sent, {}))).toMatchObject({ status: 'mapped' })
  })

  test.each([
    ['too quick', () => ({ started_at: openedBefore(1) })],
    ['the hidden field', () => ({ website: 'filled in by a helpful browser' })],
  ])('a person who was taken for one is listed, and mailed once after a replay: %s', async (_, sign) => {
    const email = newAddress()
    const capture = await captureAfter(await post('open', { email, ...sign() }, {}))
    const suspects = await listSuspects(service.ctx.db, 100)
    expect(suspects.find(({ id }) => id === capture.id)).toMatchObject({
      reason: capture.reason,
      start: expect.stringContaining(encodeURIComponent(email)),
    })
    expect(await replayCapture(service.ctx, { captureId: capture.id, actor: 'test' })).toMatchObject({
      status: 'mapped',
      captureId: capture.id,
    })
    await settle(service)
    expect(mailsTo(service, email)).toHaveLength(1)
    expect((await storyOf(service, email)).captures).toHaveLength(1)
    expect((await listSuspects(service.ctx.db, 100)).some(({ id }) => id === capture.id)).toBe(false)
    await expect(replayCapture(service.ctx, { captureId: capture.id, actor: 'test' })).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  test('what was ignored for another reason stays so', async () => {
    const key = 'a-key-of-google-ads-0123456789abcdef'
    await service.addSource({ slug: 'ads', adapter: 'google-ads-lead-form', secrets: [key] })
    const column = { column_id: 'EMAIL', string_value: newAddress() }
    const body = { lead_id: 'x', form_id: 1, google_key: key, is_test: true, user_column_data: [column] }
    const answer = await send(service, '/hooks/leads/ads', {
      headers: { 'content-type': json },
      body: JSON.stringify(body),
    })
    const { id } = await captureAfter(answer)
    await expect(replayCapture(service.ctx, { captureId: id, actor: 'test' })).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})
