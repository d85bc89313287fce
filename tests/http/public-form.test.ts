import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findSource } from '../../src/store/sources.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { capturesOf, expectProblem, json, personal, send, urlencoded } from './support.ts'

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
    await expectProblem(await preflight('tool', clinic), 403, 'forbidden')
  })
})
