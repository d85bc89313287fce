import { eq, sql } from 'drizzle-orm'
import { insertSignIn } from '../../src/store/sign-ins.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditLog, sessions } from '../../drizzle/schema/index.ts'
import { addToken } from '../../src/actions/add-token.ts'
import { addUser } from '../../src/actions/add-user.ts'
import { revokeToken } from '../../src/actions/revoke-token.ts'
import { createApp } from '../../src/http/app.ts'
import { listen } from '../../src/http/server.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { expectProblem, mailsTo, settle } from '../http/support.ts'
import { newMember } from './support.ts'

let service: TestService
beforeAll(async () => {
  service = await createTestService()
})
afterAll(() => service?.stop())

const own = { 'sec-fetch-site': 'same-origin' }
const ask = (email: string, headers: Record<string, string> = own, base = service.baseUrl) =>
  fetch(`${base}/studio/sign-in`, { method: 'POST', headers, body: new URLSearchParams({ email }) })
const press = (link: string) => fetch(link, { method: 'POST', headers: own, redirect: 'manual' })
const me = (cookie: string) => fetch(`${service.baseUrl}/studio/api/me`, { headers: { cookie } })

async function linkFor(email: string): Promise<string> {
  expect((await ask(email)).status).toBe(200)
  await settle(service)
  return /https?:\/\/\S+\/studio\/sign-in\/[\w-]+/.exec(mailsTo(service, email).at(-1)!.text!)![0]
}

describe('a link from a mail', () => {
  test('signs in by its button, once, and says who did on record; a GET alone does nothing', async () => {
    const user = await addUser(service.ctx, { email: 'Jo@clinic.example', role: 'editor', actor: 'test' })
    const link = await linkFor('jo@clinic.example')
    // Scanners follow links, as often as they like.
    for (let look = 0; look < 3; look++)
      expect(await (await fetch(link)).text()).toContain('Jo@clinic.example')
    const answers = await Promise.all([press(link), press(link)])
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409])
    const signedIn = answers.find(({ status }) => status === 303)!
    expect(signedIn.headers.get('location')).toBe('/studio')
    const cookie = signedIn.headers.get('set-cookie')!
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Lax/)
    expect(cookie).not.toMatch(/Secure/)
    const { role, email } = (await (await me(cookie.split(';')[0]!)).json()) as Record<string, string>
    expect([role, email]).toEqual(['editor', 'Jo@clinic.example'])
    expect(await (await fetch(link)).text()).toContain('This link is over')
    const entries = await service.ctx.db.select().from(auditLog).where(eq(auditLog.subject, user.id))
    expect(entries.map(({ action, actor }) => [action, actor])).toContainEqual([
      'sign-in',
      'studio: Jo@clinic.example',
    ])
    // Neither the cookie's token nor anything that makes the link is in the database.
    const [row] = await service.ctx.db.select().from(sessions).where(eq(sessions.userId, user.id))
    expect(cookie).not.toContain(row!.tokenHash.toString('base64url'))
  })

  test('is over after 15 minutes, and never good when it was changed', async () => {
    await addUser(service.ctx, { email: 'late@clinic.example', role: 'viewer', actor: 'test' })
    const link = await linkFor('late@clinic.example')
    const { rows } = await service.ctx.db.execute<{ seconds: number }>(
      sql`select extract(epoch from expires_at - created_at)::int as seconds from sign_ins order by id desc limit 1`,
    )
    expect(rows[0]!.seconds).toBe(900)
    await service.ctx.db.execute(
      sql`update sign_ins set expires_at = clock_timestamp() - interval '1 second'`,
    )
    expect((await press(link)).status).toBe(409)
    expect((await press(`${link.slice(0, -2)}${link.endsWith('AA') ? 'BB' : 'AA'}`)).status).toBe(404)
  })

  test('cannot be asked for, or pressed, from another site', async () => {
    await expectProblem(await ask('jo@clinic.example', { origin: 'https://evil.example' }), 403, 'forbidden')
    const link = await linkFor('jo@clinic.example')
    const answer = await fetch(link, { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } })
    await expectProblem(answer, 403, 'forbidden')
  })

  test('the same is answered to an address that nobody has, and nothing is mailed', async () => {
    const known = await ask('jo@clinic.example')
    const unknown = await ask('nobody@clinic.example')
    expect(unknown.status).toBe(known.status)
    expect(await unknown.text()).toBe(await known.text())
    await settle(service)
    expect(mailsTo(service, 'nobody@clinic.example')).toEqual([])
    await expectProblem(await ask('no address'), 422, 'invalid')
  })

  test('five in a quarter of an hour for one address, over all processes, whether or not it is a user’s', async () => {
    const second = await listen(createApp(service.ctx), '127.0.0.1', 0)
    try {
      for (const email of ['stranger@clinic.example', 'limited@clinic.example']) {
        if (email.startsWith('limited')) await addUser(service.ctx, { email, role: 'viewer', actor: 'test' })
        await service.ctx.db.execute(sql`delete from form_counts`)
        const bases = [service.baseUrl, `http://127.0.0.1:${second.port}`]
        for (let time = 0; time < 5; time++) expect((await ask(email, own, bases[time % 2])).status).toBe(200)
        const answer = await ask(email.toUpperCase(), own, bases[1])
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
        await expectProblem(answer, 429, 'too-many')
      }
    } finally {
      await second.close()
      await service.ctx.db.execute(sql`delete from form_counts`)
    }
  })
})

describe('a session', () => {
  test('is listed, can be ended from elsewhere, and ends with signing out', async () => {
    const member = await newMember(service, 'viewer')
    const list = async () =>
      (await (await member.call('GET', '/me/sessions')).json()) as {
        sessions: { id: string; isThis: boolean }[]
      }
    expect((await list()).sessions).toMatchObject([{ isThis: true, device: 'Chrome on a test' }])
    const other = await newMember(service, 'admin')
    const [mine] = (await list()).sessions
    // Not somebody else's, whatever the role.
    await expectProblem(await other.call('DELETE', `/me/sessions/${mine!.id}`), 404, 'not-found')
    const out = await member.call('POST', '/me/sign-out')
    expect(out.headers.get('set-cookie')).toMatch(/Max-Age=0/)
    await expectProblem(await me(member.cookie), 401, 'unauthorized')
  })

  test('gets a new token each day; the one before is good for a moment longer', async () => {
    const member = await newMember(service, 'viewer')
    await service.ctx.db.execute(
      sql`update sessions set rotated_at = clock_timestamp() - interval '25 hours' where user_id = ${member.id}`,
    )
    const answer = await me(member.cookie)
    const fresh = answer.headers.get('set-cookie')!.split(';')[0]!
    expect(fresh).not.toBe(member.cookie)
    expect([(await me(fresh)).status, (await me(member.cookie)).status]).toEqual([200, 200])
    await service.ctx.db.execute(
      sql`update sessions set rotated_at = clock_timestamp() - interval '2 minutes' where user_id = ${member.id}`,
    )
    expect([(await me(fresh)).status, (await me(member.cookie)).status]).toEqual([200, 401])
  })

  test.each(["seen_at = clock_timestamp() - interval '8 days'", 'expires_at = clock_timestamp()'])(
    'is over when %s',
    async (change) => {
      const member = await newMember(service, 'viewer')
      await service.ctx.db.execute(sql.raw(`update sessions set ${change} where user_id = '${member.id}'`))
      expect((await me(member.cookie)).status).toBe(401)
    },
  )

  test('ends for a user who is removed, and the last admin cannot be', async () => {
    const alone = await createTestService()
    try {
      const [one, two] = [await newMember(alone, 'admin'), await newMember(alone, 'admin')]
      const removals = await Promise.all([
        one.call('DELETE', `/users/${two.id}`),
        two.call('DELETE', `/users/${one.id}`),
      ])
      // Whoever came second is not there any more, or is the last one.
      expect(removals.filter(({ status }) => status === 200)).toHaveLength(1)
      const left = (await one.call('GET', '/me')).status === 200 ? one : two
      await expectProblem(await left.call('PATCH', `/users/${left.id}`, { role: 'viewer' }), 409, 'conflict')
      expect((await (left === one ? two : one).call('GET', '/me')).status).toBe(401)
    } finally {
      await alone.stop()
    }
  })
})

test('behind https the cookie is only ever sent there, under a name that no other host can set', async () => {
  const secure = await createTestService({ env: { PUBLIC_URL: 'https://nurture.clinic.example' } })
  const server = await listen(createApp(secure.ctx), '127.0.0.1', 0)
  try {
    const user = await addUser(secure.ctx, { email: 'jo@clinic.example', role: 'viewer', actor: 'test' })
    const path = new URL(secure.ctx.links.signIn(await insertSignIn(secure.ctx.db, user.id, 60))).pathname
    const answer = await press(`http://127.0.0.1:${server.port}${path}`)
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-nurture=.*Path=\/;.*HttpOnly; Secure/)
  } finally {
    await server.close()
    await secure.stop()
  }
})

test('a machine’s token is good until it is revoked, and only its hash is kept', async () => {
  const { token, secret } = await addToken(service.ctx, { name: 'Reports', role: 'viewer', actor: 'test' })
  const use = () =>
    fetch(`${service.baseUrl}/studio/api/me`, { headers: { authorization: `Bearer ${secret}` } })
  expect(secret).toMatch(/^nrt_[\w-]{43}$/)
  expect(await (await use()).json()).toMatchObject({ email: 'Reports', role: 'viewer' })
  const { rows } = await service.ctx.db.execute<{ row: string; used: boolean }>(
    sql`select t::text as row, last_used_at is not null as used from api_tokens t where id = ${token.id}`,
  )
  expect(rows[0]!.used).toBe(true)
  expect(rows[0]!.row).not.toContain(secret.slice(4))
  await revokeToken(service.ctx, { tokenId: token.id, actor: 'test' })
  await expectProblem(await use(), 401, 'unauthorized')
})
