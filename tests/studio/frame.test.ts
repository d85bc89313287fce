import { gzipSync } from 'node:zlib'
import { readFileSync } from 'node:fs'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readAppFiles } from '../../src/http/studio/app-files.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { expectProblem } from '../http/support.ts'
import { type Member, newMember } from './support.ts'

let service: TestService
let viewer: Member
beforeAll(async () => {
  service = await createTestService()
  viewer = await newMember(service, 'viewer')
})
afterAll(() => service?.stop())

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${service.baseUrl}${path}`, { headers: { accept: 'text/html', ...headers }, redirect: 'manual' })

describe('the app', () => {
  test('is built, and the first view is under 250 kB packed', async () => {
    const answer = await get('/studio', { cookie: viewer.cookie })
    const page = await answer.text()
    const named = [...page.matchAll(/(?:src|href)="\/studio\/assets\/([^"]+)"/g)].map(([, name]) => name!)
    const { assets } = readAppFiles()!
    // What the overview loads besides, as any page does.
    const overview = [...assets.keys()].filter((name) => name.startsWith('overview-page'))
    expect(named.filter((name) => name.endsWith('.js')).length).toBeGreaterThan(0)
    expect(overview.length).toBeGreaterThan(0)
    const sizes = [...named, ...overview].map((name) => assets.get(name)!.packed.length)
    const total = sizes.reduce((sum, size) => sum + size, gzipSync(page).length)
    expect(total).toBeLessThan(250_000)
  })

  test('stands under a policy of its own: no script but ours, no other site, a nonce anew for each page', async () => {
    const [one, two] = [
      await get('/studio/leads', { cookie: viewer.cookie }),
      await get('/studio', { cookie: viewer.cookie }),
    ]
    const [first, second] = [one, two].map((answer) => answer.headers.get('content-security-policy')!)
    expect(first).not.toBe(second)
    expect(first).toContain("default-src 'none'")
    expect(first).toContain("script-src 'self';")
    expect(first).not.toContain('unsafe')
    expect(first).not.toContain('http')
    const nonce = /'nonce-([^']+)'/.exec(first!)![1]!
    const page = await one.text()
    expect(page).toContain(`content="${nonce}"`)
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)/)
    expect(page).not.toMatch(/<style/)
    expect(one.headers.get('cache-control')).toBe('no-store')
  })

  test('its files are kept for ever, packed or not, and have no other names', async () => {
    const page = await (await get('/studio', { cookie: viewer.cookie })).text()
    const [, path] = /src="(\/studio\/assets\/[^"]+\.js)"/.exec(page)!
    const file = await get(path!)
    expect(file.status).toBe(200)
    expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(file.headers.get('content-type')).toContain('text/javascript')
    expect(file.headers.get('content-encoding')).toBe('gzip')
    const plain = await get(path!, { 'accept-encoding': 'identity' })
    expect(plain.headers.get('content-encoding')).toBe(null)
    expect(await plain.text()).toBe(await file.text())
    for (const name of ['none.js', '..%2Findex.html', '%2e%2e%2f%2e%2e%2fpackage.json'])
      expect([name, (await get(`/studio/assets/${name}`)).status]).toEqual([name, 404])
  })

  test('its files bring no cookie, also when a new one is due', async () => {
    const member = await newMember(service, 'viewer')
    await service.ctx.db.execute(
      sql`update sessions set rotated_at = clock_timestamp() - interval '25 hours' where user_id = ${member.id}`,
    )
    const [name] = readAppFiles()!.assets.keys()
    const file = await get(`/studio/assets/${name}`, { cookie: member.cookie })
    expect([file.status, file.headers.get('set-cookie')]).toEqual([200, null])
    const page = await get('/studio', { cookie: member.cookie })
    expect(page.headers.get('set-cookie')).toContain('nurture=')
  })

  test('who is not signed in is asked to', async () => {
    for (const path of ['/studio', '/studio/leads/1']) {
      const answer = await get(path)
      expect([answer.status, answer.headers.get('location')]).toEqual([302, '/studio/sign-in'])
    }
  })
})

test('the interface knows who asks, and answers nothing that it has not', async () => {
  expect(await (await viewer.call('GET', '/me')).json()).toMatchObject({
    email: viewer.email,
    role: 'viewer',
    mode: 'sandbox',
  })
  await expectProblem(await fetch(`${service.baseUrl}/studio/api/me`), 401, 'unauthorized')
  await expectProblem(await viewer.call('GET', '/nothing'), 404, 'not-found')
  expect(readFileSync('package.json', 'utf8')).toContain('"prepare"')
})
