import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addToken } from '../../src/actions/add-token.ts'
import { mayAct, type Role, roles } from '../../src/core/user.ts'
import { studioApi } from '../../src/http/studio/api.ts'
import { roleOf } from '../../src/http/studio/require-role.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { expectProblem } from '../http/support.ts'
import { newMember } from './support.ts'

type Route = { method: string; path: string; role: Role | null; isFirst: boolean }

/** The app's own routes, with the role that each asks for; null: none, so that anybody gets in. */
function routesOf(api: ReturnType<typeof studioApi>): Route[] {
  const handlers = new Map<string, (typeof api.routes)[number][]>()
  for (const route of api.routes)
    if (route.method !== 'ALL') {
      const name = `${route.method} ${route.path}`
      handlers.set(name, [...(handlers.get(name) ?? []), route])
    }
  return [...handlers].map(([name, parts]) => {
    const [method = '', path = ''] = name.split(' ')
    const asked = parts.map(({ handler }) => roleOf(handler))
    return { method, path, role: asked.find((one) => one !== null) ?? null, isFirst: asked[0] !== null }
  })
}

/** Ids that nothing has: what a request may do is found out before anything else. */
const filled = (path: string) => path.replace(/:\w+/g, '018f0000-0000-7000-8000-000000000000')

let service: TestService
let routes: Route[]
beforeAll(async () => {
  service = await createTestService()
  routes = routesOf(studioApi(service.ctx))
})
afterAll(() => service?.stop())

describe('every route of the studio', () => {
  test('asks for a role before it does anything else', () => {
    expect(routes.length).toBeGreaterThan(10)
    expect(routes.filter(({ role, isFirst }) => role === null || !isFirst)).toEqual([])
  })

  test('refuses who is not signed in, and whoever shows a token that is not good', async () => {
    for (const { method, path } of routes)
      for (const headers of [
        {},
        { cookie: 'nurture=nothing' },
        { authorization: 'Bearer nrt_nothing' },
        { authorization: 'Basic bm9ib2R5' },
      ]) {
        const answer = await fetch(`${service.baseUrl}/studio/api${filled(path)}`, {
          method,
          headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', ...headers },
        })
        expect([method, path, headers, answer.status]).toEqual([method, path, headers, 401])
        await expectProblem(answer, 401, 'unauthorized')
      }
  })

  test.each(roles)(
    'lets a %s do what the role may, and nothing else, in person and by token',
    async (role) => {
      for (const { method, path, role: needed } of routes) {
        // Anew for each: some routes sign out.
        const member = await newMember(service, role)
        const { secret } = await addToken(service.ctx, { name: 'A machine', role, actor: 'test' })
        const inPerson = await member.call(method, filled(path))
        const byToken = await fetch(`${service.baseUrl}/studio/api${filled(path)}`, {
          method,
          headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
        })
        for (const answer of [inPerson, byToken]) {
          const seen = [method, path, answer.status]
          if (mayAct(role, needed!)) {
            expect(seen).not.toEqual([method, path, 401])
            expect(seen).not.toEqual([method, path, 403])
            expect([method, path, answer.status >= 500]).toEqual([method, path, false])
          } else expect(seen).toEqual([method, path, 403])
        }
      }
    },
  )

  test('refuses a change that another site sends, and one that is not JSON', async () => {
    const admin = await newMember(service, 'admin')
    const changes = routes.filter(({ method }) => method !== 'GET')
    expect(changes.length).toBeGreaterThan(4)
    for (const { method, path } of changes) {
      const ask = (headers: Record<string, string>) =>
        fetch(`${service.baseUrl}/studio/api${filled(path)}`, {
          method,
          headers: { cookie: admin.cookie, 'content-type': 'application/json', ...headers },
        })
      for (const headers of [
        {},
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
        { 'sec-fetch-site': 'none' },
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { 'sec-fetch-site': 'cross-site', origin: service.baseUrl },
      ])
        await expectProblem(await ask(headers), 403, 'forbidden')
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
        await expectProblem(
          await ask({ 'sec-fetch-site': 'same-origin', 'content-type': type }),
          415,
          'unsupported',
        )
    }
  })
})
