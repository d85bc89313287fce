import { randomUUID } from 'node:crypto'
import { solveChallenge } from 'altcha-lib/v1'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Challenge } from '../../src/capture/proof-of-work.ts'
import { newChallenge } from '../../src/capture/proof-of-work.ts'
import { findSource } from '../../src/store/sources.ts'
import { submitForm } from '../support/forms.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { capturesOf, expectProblem, mailsTo, send, settle, urlencoded } from './support.ts'

const clinic = 'https://clinic.example'

let service: TestService
beforeAll(async () => {
  service = await createTestService()
  await service.addSource({ slug: 'open' })
  await service.addSource({ slug: 'listed', origins: [clinic], thankYouUrl: `${clinic}/thank-you` })
  await service.addSource({ slug: 'worked', proofOfWork: true })
  await service.addSource({ slug: 'other-worked', proofOfWork: true })
  await service.addSource({ slug: 'tool', adapter: 'bearer', secrets: ['x'.repeat(32)] })
})
afterAll(() => service?.stop())

let people = 0
const newAddress = () => `guest-${++people}@lead.example`

type Start = { started_at: string; challenge: Challenge | null; hint: string | null }

async function start(slug: string, fields: Record<string, string> = {}, headers = {}) {
  const answer = await send(service, `/f/${slug}/start`, { headers, body: new URLSearchParams(fields) })
  expect(answer.status).toBe(200)
  return { answer, body: (await answer.json()) as Start }
}

describe('the hosted form', () => {
  test('is a page with the words of consent, whose fields come back as a lead', async () => {
    const answer = await send(service, '/f/open', { method: 'GET' })
    expect(answer.status).toBe(200)
    const page = await answer.text()
    expect(page).toContain('may answer me by email')
    const hidden = [...page.matchAll(/type="hidden" name="(\w+)" value="([^"]+)"/g)].map(
      ([, name, value]) => [name!, value!] as const,
    )
    expect(hidden.map(([name]) => name)).toEqual(['submission_id', 'started_at', 'consent_text_version'])
    const { started_at } = Object.fromEntries(hidden)
    const opened = service.ctx.formSecrets.readStamp(started_at!)!
    expect(Date.now() - opened.getTime()).toBeLessThan(10_000)
    const early = await submitForm(service, { ...Object.fromEntries(hidden), email: newAddress() }, 'open')
    expect(early.status).toBe(200)
    const source = (await findSource(service.ctx.db, 'open'))!
    expect(await capturesOf(service, source)).toMatchObject([{ status: 'ignored' }])
  })

  test('stands inside the listed sites and nowhere else', async () => {
    const ancestors = async (path: string) =>
      /frame-ancestors ([^;]+)/.exec(
        (await send(service, path, { method: 'GET' })).headers.get('content-security-policy')!,
      )![1]
    expect(await ancestors('/f/listed?embed')).toBe(clinic)
    expect(await ancestors('/f/listed')).toBe("'none'")
    expect(await ancestors('/f/open?embed')).toBe("'none'")
    expect(await ancestors('/thanks')).toBe("'none'")
    const embedded = await send(service, '/f/listed?embed', { method: 'GET' })
    expect(embedded.headers.get('x-frame-options')).toBeNull()
    expect(embedded.headers.get('content-security-policy')).toContain(`form-action 'self' ${clinic};`)
    expect(await embedded.text()).not.toContain('<header>')
  })

  test.each(['nowhere', 'tool', '%00'])('there is none for %s', async (slug) => {
    await expectProblem(await send(service, `/f/${slug}`, { method: 'GET' }), 404, 'not-found')
    await expectProblem(await send(service, `/f/${slug}/start`), 404, 'not-found')
  })

  test('its start is told to scripts of the listed sites', async () => {
    const { answer, body } = await start('listed', {}, { origin: clinic })
    expect(answer.headers.get('access-control-allow-origin')).toBe(clinic)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(service.ctx.formSecrets.readStamp(body.started_at)).toBeInstanceOf(Date)
    const elsewhere = await start('listed', {}, { origin: 'https://elsewhere.example' })
    expect(elsewhere.answer.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('an address with a slip', () => {
  test('is hinted at before and after, and kept as it was typed', async () => {
    expect((await start('open', { email: 'pat@gmial.com' })).body.hint).toBe('pat@gmail.com')
    expect((await start('open', { email: 'pat@gmail.com' })).body.hint).toBeNull()
    const answer = await submitForm(service, { email: 'pat@gmial.com' }, 'open')
    expect(await answer.json()).toMatchObject({ status: 'received', hint: 'pat@gmail.com' })
    await settle(service)
    expect(mailsTo(service, 'pat@gmial.com')).toHaveLength(1)
    expect(mailsTo(service, 'pat@gmail.com')).toEqual([])
  })
})

describe('the answer to a script', () => {
  test('says where to go on', async () => {
    const own = await submitForm(service, { email: newAddress() }, 'open')
    expect(await own.json()).toMatchObject({ next: `${service.baseUrl}/thanks` })
    const theirs = await send(service, '/hooks/leads/listed', {
      headers: { origin: clinic, 'content-type': urlencoded },
      body: new URLSearchParams({ email: newAddress() }).toString(),
    })
    expect(await theirs.json()).toMatchObject({ next: `${clinic}/thank-you` })
  })
})

test('the script for sites is under 5 kB, parses, and may be loaded from anywhere', async () => {
  const answer = await send(service, '/embed.js', { method: 'GET' })
  expect(answer.headers.get('content-type')).toMatch(/^text\/javascript/)
  expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
  const script = await answer.text()
  expect(Buffer.byteLength(script)).toBeLessThan(5_000)
  expect(() => new Function(script)).not.toThrow()
})

describe('proof of work', () => {
  async function solve(challenge: Challenge): Promise<string> {
    const solved = await solveChallenge(
      challenge.challenge,
      challenge.salt,
      challenge.algorithm,
      challenge.maxnumber,
    ).promise
    const { algorithm, challenge: hash, salt, signature } = challenge
    const payload = { algorithm, challenge: hash, salt, signature, number: solved!.number }
    return Buffer.from(JSON.stringify(payload)).toString('base64')
  }
  const fresh = async (slug = 'worked') => (await start(slug)).body.challenge!
  const bring = (altcha: string | null, email = newAddress()) =>
    submitForm(
      service,
      { email, submission_id: randomUUID(), ...(altcha === null ? {} : { altcha }) },
      'worked',
    )

  test('a solution is good once, over however many tries at the same time', async () => {
    const altcha = await solve(await fresh())
    const answers = await Promise.all(Array.from({ length: 10 }, () => bring(altcha)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(403)])
    expect((await bring(await solve(await fresh()))).status).toBe(200)
  })

  test.each([
    ['none', async () => null],
    ['nonsense', async () => 'nonsense'],
    ['null', async () => btoa('null')],
    [
      'another number',
      async () => {
        const payload = JSON.parse(atob(await solve(await fresh()))) as { number: number }
        return btoa(JSON.stringify({ ...payload, number: payload.number + 1 }))
      },
    ],
    ['one that we did not sign', async () => solve(await newChallenge('another key', 'worked', new Date()))],
    ['one of another form', async () => solve(await fresh('other-worked'))],
    [
      'one too old',
      async () =>
        solve(
          await newChallenge(service.ctx.formSecrets.challengeKey, 'worked', new Date(Date.now() - 601_000)),
        ),
    ],
    [
      'one whose end was moved',
      async () => {
        const payload = JSON.parse(atob(await solve(await fresh()))) as { salt: string }
        return btoa(
          JSON.stringify({ ...payload, salt: payload.salt.replace(/expires=\d+/, 'expires=9999999999') }),
        )
      },
    ],
  ])('refused, not stored, and told what to do: %s', async (_, altcha) => {
    const source = (await findSource(service.ctx.db, 'worked'))!
    const before = (await capturesOf(service, source)).length
    const { detail } = await expectProblem(await bring(await altcha()), 403, 'forbidden')
    expect(detail).toContain(service.ctx.config.brand.phone)
    expect((await capturesOf(service, source)).length).toBe(before)
    expect((await findSource(service.ctx.db, 'worked'))!.refusedCount).toBe(source.refusedCount + 1)
  })

  test('without JavaScript the hosted form says that it needs it', async () => {
    const page = async (slug: string) => (await send(service, `/f/${slug}`, { method: 'GET' })).text()
    expect(await page('worked')).toContain('<noscript>')
    expect(await page('open')).not.toContain('<noscript>')
  })
})
