import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { Hono } from 'hono'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditLog, captures, suppressions } from '../../drizzle/schema/index.ts'
import { eraseLead } from '../../src/actions/erase-lead.ts'
import { pause } from '../../src/actions/pause.ts'
import { runTick } from '../../src/actions/run-tick.ts'
import { createApp } from '../../src/http/app.ts'
import { listen } from '../../src/http/server.ts'
import { noteUsedToday } from '../../src/store/daily-quota.ts'
import { resumeSending } from '../../src/store/pause.ts'
import { restSending } from '../../src/store/rest.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { bookingToken, oldBookingToken } from '../support/booking-token.ts'
import { submitForm } from '../support/forms.ts'
import {
  expectProblem,
  mailsTo,
  personal,
  send,
  settle,
  storyOf,
  urlencoded,
  json,
  newWhsec,
  signers,
} from './support.ts'

let service: TestService
beforeAll(async () => {
  service = await createTestService()
  await service.addSource({})
})
afterAll(() => service?.stop())

let people = 0

/** A lead that has had its first mail, and the links that it and the front desk were sent. */
async function newLead(fields: Record<string, string> = {}) {
  const email = `person-${++people}@lead.example`
  expect(
    (await submitForm(service, { email, first_name: 'Pat', phone: '+16105550133', ...fields })).status,
  ).toBe(200)
  await settle(service)
  const [mail] = mailsTo(service, email)
  const [alert] = mailsTo(service, 'front-desk').filter(({ text }) => text?.includes(email))
  const pathOf = (url: string | undefined) => new URL(url!).pathname
  return {
    email,
    unsubscribe: pathOf(/<([^>]+)>/.exec(mail!.headers['List-Unsubscribe']!)?.[1]),
    callMe: pathOf(/https?:\/\/\S+\/call\/[\w-]+/.exec(mail!.text!)?.[0]),
    markBooked: pathOf(/https?:\/\/\S+\/booked\/[\w-]+/.exec(alert!.text!)?.[0]),
  }
}

const get = (path: string) => send(service, path, { method: 'GET' })
const oneClick = {
  headers: { 'content-type': urlencoded },
  body: 'List-Unsubscribe=One-Click',
}
const suppressed = () => service.ctx.db.$count(suppressions)
const audits = async (subject: string) =>
  service.ctx.db.select().from(auditLog).where(eq(auditLog.subject, subject))

async function expectRunning(email: string) {
  const { enrollments, deliveries } = await storyOf(service, email)
  expect(enrollments).toMatchObject([{ status: 'active', stopReason: null }])
  expect(deliveries.at(-1)).toMatchObject({ step: 'lesson-2', status: 'waiting' })
}

async function expectStopped(email: string, stopReason: string) {
  const { enrollments, deliveries } = await storyOf(service, email)
  expect(enrollments).toMatchObject([{ status: 'stopped', stopReason }])
  expect(deliveries.at(-1)).toMatchObject({ step: 'lesson-2', status: 'cancelled', reason: stopReason })
}

describe('unsubscribe', () => {
  test('a GET or HEAD shows a page and changes nothing, however often', async () => {
    const { email, unsubscribe } = await newLead()
    const before = await suppressed()
    for (let time = 0; time < 3; time++) {
      const page = await get(unsubscribe)
      expect(page.status).toBe(200)
      expect(await page.text()).toMatch(/<form [^>]*method="post"/)
      const head = await send(service, unsubscribe, { method: 'HEAD' })
      expect([head.status, await head.text()]).toEqual([200, ''])
    }
    await expectRunning(email)
    expect(await suppressed()).toBe(before)
  })

  test.each([
    ['one click of a mail program', oneClick],
    ['the page’s button', { headers: { 'content-type': urlencoded }, body: '' }],
    ['no body at all', {}],
    ['a multipart body, as RFC 8058 allows', { body: multipart({ 'List-Unsubscribe': 'One-Click' }) }],
  ])('%s stops and suppresses, in one go; twice is fine', async (_name, sent) => {
    const { email, unsubscribe } = await newLead()
    const before = await suppressed()
    const answer = await send(service, unsubscribe, sent)
    expect([answer.status, answer.redirected]).toEqual([200, false])
    await expectStopped(email, 'unsubscribed')
    expect(await suppressed()).toBe(before + 1)
    expect((await send(service, unsubscribe, oneClick)).status).toBe(200)
    expect(await suppressed()).toBe(before + 1)
    await expectStopped(email, 'unsubscribed')
    expect((await get(unsubscribe)).status).toBe(200)
  })

  test('after erasure says that nothing is known, and suppresses nothing', async () => {
    const { email, unsubscribe } = await newLead()
    const before = await suppressed()
    await eraseLead(service.ctx, { email, actor: 'test' })
    const answer = await send(service, unsubscribe, oneClick)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('You are not in our records')
    expect(await suppressed()).toBe(before)
  })

  test('twenty at once do it once', async () => {
    const { email, unsubscribe } = await newLead()
    const before = await suppressed()
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(service, unsubscribe, oneClick)))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
    expect(await suppressed()).toBe(before + 1)
    await expectStopped(email, 'unsubscribed')
  })

  test('stops every lead whose address suppression takes for the same', async () => {
    const { email, unsubscribe } = await newLead()
    const tagged = email.replace('@', '+news@')
    const secret = newWhsec()
    await service.addSource({ slug: 'tool', adapter: 'standard-webhooks', secrets: [secret] })
    const body = JSON.stringify({ data: { email: tagged } })
    const headers = { 'content-type': json, ...signers['standard-webhooks'](body, secret, new Date()) }
    expect((await send(service, '/hooks/leads/tool', { headers, body })).status).toBe(200)
    await settle(service)
    await expectRunning(tagged)
    await send(service, unsubscribe, oneClick)
    await expectStopped(tagged, 'unsubscribed')
  })
})

function multipart(fields: Record<string, string>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  return form
}

describe('signed links', () => {
  test('a changed, cut, padded or foreign token: 404, and nothing happens', async () => {
    const lead = await newLead()
    const before = await suppressed()
    for (const path of [lead.unsubscribe, lead.callMe, lead.markBooked]) {
      const [, start, token] = path.split('/')
      const flip = (at: number) =>
        `${token!.slice(0, at)}${token![at] === 'A' ? 'B' : 'A'}${token!.slice(at + 1)}`
      const wrong = [
        flip(0),
        flip(20),
        flip(30),
        token!.slice(0, -1),
        `${token}A`,
        `${token}=`,
        token!.toUpperCase(),
        Buffer.alloc(32).toString('base64url'),
        randomUUID(),
        '%00',
        'x',
      ]
      for (const method of ['GET', 'POST'])
        for (const one of wrong) {
          if (one === token) continue
          await expectProblem(await send(service, `/${start}/${one}`, { method }), 404, 'not-found')
        }
    }
    await expectRunning(lead.email)
    expect(await suppressed()).toBe(before)
  })

  test('a token of one purpose is worthless for another', async () => {
    const { email, ...links } = await newLead()
    const starts = ['/u', '/call', '/booked']
    for (const path of Object.values(links)) {
      const [, own, token] = path.split('/')
      for (const start of starts.filter((one) => one !== `/${own}`))
        for (const method of ['GET', 'POST'])
          await expectProblem(await send(service, `${start}/${token}`, { method }), 404, 'not-found')
    }
    const { deliveries, enrollments } = await storyOf(service, email)
    const ofBooking = [bookingToken(service, deliveries[0]!.id), oldBookingToken(service, enrollments[0]!.id)]
    for (const token of ofBooking)
      for (const start of starts)
        await expectProblem(await send(service, `${start}/${token}`), 404, 'not-found')
    await expectRunning(email)
  })

  test('say nothing of the person they are for', async () => {
    const { email, ...links } = await newLead()
    for (const path of Object.values(links)) {
      const token = Buffer.from(path.split('/')[2]!, 'base64url').toString('latin1')
      for (const text of [path, token]) expect(text).not.toContain(email.split('@')[0])
    }
  })
})

describe('mark as booked', () => {
  test('GET shows whom it is about and changes nothing; POST stops and is written down', async () => {
    const { email, markBooked } = await newLead({ first_name: '<b>Robin</b>', last_name: 'Vale' })
    const page = await get(markBooked)
    const text = await page.text()
    expect(page.status).toBe(200)
    expect(text).toContain('Vale')
    expect(text).not.toContain('<b>')
    expect((await send(service, markBooked, { method: 'HEAD' })).status).toBe(200)
    await expectRunning(email)

    const { lead } = await storyOf(service, email)
    const answer = await send(service, markBooked)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('Marked as booked')
    await expectStopped(email, 'booked')
    expect((await storyOf(service, email)).bookings).toMatchObject([
      { tool: 'front-desk', status: 'booked', matchedBy: 'front-desk' },
    ])
    expect(await audits(lead.id)).toMatchObject([{ action: 'mark-booked', actor: 'front desk, by link' }])

    expect((await send(service, markBooked)).status).toBe(200)
    expect((await storyOf(service, email)).bookings).toHaveLength(1)
  })
})

describe('please call me', () => {
  test('GET changes nothing; POST mails the front desk who and at which number', async () => {
    const { email, callMe } = await newLead({ last_name: 'Callback' })
    const desk = () => mailsTo(service, 'front-desk').filter(({ text }) => text?.includes(email))
    expect(desk()).toHaveLength(1)
    expect((await get(callMe)).status).toBe(200)
    await settle(service)
    expect(desk()).toHaveLength(1)

    const answer = await send(service, callMe)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain(`tel:${service.ctx.config.brand.phone}`)
    await settle(service)
    expect(desk()).toHaveLength(2)
    expect(desk()[1]!.text).toContain('Callback')
    expect(desk()[1]!.text).toMatch(/610.{0,2}555.{0,1}0133/)
    await expectRunning(email)
  })

  test('gives the number that is known, also when the newest form did not ask for it', async () => {
    const { email, callMe } = await newLead()
    service.clock.jumpTo(new Date(service.clock.now().getTime() + 60_000))
    await submitForm(service, { email, message: 'One more question' })
    await send(service, callMe)
    await settle(service)
    const desk = mailsTo(service, 'front-desk').filter(({ text }) => text?.includes(email))
    expect(desk.at(-1)!.text).toMatch(/610.{0,2}555.{0,1}0133/)
  })

  test('pressed five times at once is one mail', async () => {
    const { email, callMe } = await newLead()
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(service, callMe)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    await settle(service)
    expect(mailsTo(service, 'front-desk').filter(({ text }) => text?.includes(email))).toHaveLength(2)
  })
})

describe('pages', () => {
  test('the thank-you page offers a booked call and a phone call at once', async () => {
    const page = await get('/thanks')
    const text = await page.text()
    const { bookingUrl, phone } = service.ctx.config.brand
    expect(text).toContain(`href="${bookingUrl}"`)
    expect(text).toContain(`href="tel:${phone}"`)
  })

  test('the demo form works as it stands: every field of it is one that we read', async () => {
    const text = await (await get('/')).text()
    const action = /<form[^>]*action="([^"]+)"/.exec(text)![1]!
    const names = [...text.matchAll(/<(?:input|textarea)[^>]*\bname="([^"]+)"/g)].map((match) => match[1]!)
    expect(names.toSorted()).toEqual(
      [
        'consent',
        'consent_text_version',
        'email',
        'first_name',
        'message',
        'phone',
        'submission_id',
        'website',
      ].toSorted(),
    )
    const ids = [text, await (await get('/')).text()].map(
      (page) => /name="submission_id" value="([^"]+)"/.exec(page)![1],
    )
    expect(new Set(ids).size).toBe(2)
    const fields = { email: 'demo@lead.example', first_name: 'Dee', phone: '6105550155', consent: 'yes' }
    expect((await send(service, action, { body: new URLSearchParams(fields) })).status).toBe(200)
    expect((await storyOf(service, 'demo@lead.example')).lead).toMatchObject({
      firstName: 'Dee',
      phone: '+16105550155',
    })
  })

  test('every page is guarded: no script, no frame, no referrer to others, no cache', async () => {
    const { unsubscribe, callMe, markBooked } = await newLead()
    for (const path of ['/', '/thanks', unsubscribe, callMe, markBooked, '/nowhere']) {
      const answer = await send(service, path, { method: 'GET', headers: { accept: 'text/html' } })
      const csp = answer.headers.get('content-security-policy') ?? ''
      for (const part of [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'none'",
      ])
        expect([path, csp]).toEqual([path, expect.stringContaining(part)])
      expect(csp).not.toContain('unsafe')
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': expect.stringMatching(/DENY|SAMEORIGIN/),
        'referrer-policy': 'same-origin',
        'cache-control': 'no-store',
        'content-type': expect.stringContaining('text/html'),
      })
      expect(answer.headers.get('x-powered-by')).toBeNull()
      const text = await answer.text()
      expect(text).not.toMatch(/<script|style=|onclick|src="http/)
      expect(text).toMatch(/<html lang="en">[\s\S]*<title>[^<]+<\/title>/)
    }
    expect((await get('/page.css')).headers.get('content-type')).toContain('text/css')
  })

  test('outside the sandbox there is no demo page', async () => {
    const { ctx } = service
    const app = createApp({ ...ctx, config: { ...ctx.config, mode: 'live' } })
    expect((await app.request('/')).status).toBe(404)
    expect((await app.request('/thanks')).status).toBe(200)
  })
})

describe('a fault of ours', () => {
  test('answers 503 to a program and a person, and logs nothing of anybody', async () => {
    let logged = ''
    const log = pino({ level: 'debug' }, { write: (line: string) => void (logged += line) })
    const broken = await createTestService({ overrides: { log } })
    try {
      await broken.addSource({})
      await broken.ctx.db.execute('alter table leads rename column first_name to gone')
      const body = new URLSearchParams(personal)
      await expectProblem(await send(broken, '/hooks/leads/website', { body }), 503, 'unavailable')
      const headers = { accept: 'text/html' }
      const page = await send(broken, '/hooks/leads/website', {
        headers,
        body: new URLSearchParams(personal),
      })
      expect([page.status, page.headers.get('retry-after')]).toEqual([503, '10'])
      expect(await page.text()).toContain('<h1>Try again later</h1>')
      expect(logged).toContain('request failed')
      expect(logged).toContain('    at ')
      for (const value of Object.values(personal)) expect(logged).not.toContain(value)
      expect(await broken.ctx.db.$count(captures)).toBe(0)
    } finally {
      await broken.stop()
    }
  })

  test('stopping waits for what is being handled, even when its caller hung up', async () => {
    let finish: (() => void) | null = null
    let isDone = false
    const app = new Hono().get('/slow', async (c) => {
      await new Promise<void>((resolve) => (finish = resolve))
      isDone = true
      return c.text('late')
    })
    const server = await listen(app, '127.0.0.1', 0)
    const caller = new AbortController()
    const answer = fetch(`http://127.0.0.1:${server.port}/slow`, { signal: caller.signal }).catch(() => null)
    await expect.poll(() => finish).not.toBeNull()
    caller.abort()
    await answer
    const closed = server.close()
    setTimeout(() => finish?.(), 200)
    await closed
    expect(isDone).toBe(true)
  })
})

describe('health', () => {
  test('counts, and holds nothing of anybody; 503 while paused, and when nothing ticks', async () => {
    const { email } = await newLead()
    const { lead } = await storyOf(service, email)
    await runTick(service.ctx)
    const well = await get('/health')
    expect(well.status).toBe(200)
    expect(await well.json()).toMatchObject({ status: 'ok', pause: null, due: 0 })

    await pause(service.ctx, { reason: 'daily_quota_exceeded', until: null })
    const paused = await get('/health')
    expect(paused.status).toBe(503)
    const text = await paused.text()
    expect(JSON.parse(text)).toMatchObject({ status: 'paused', pause: { reason: 'daily_quota_exceeded' } })
    for (const secret of [email, lead.id, 'Pat', '555', service.ctx.config.appSecret])
      expect(text).not.toContain(secret)
    await resumeSending(service.ctx.db)
    expect((await get('/health')).status).toBe(200)

    await restSending(service.ctx.db, 30_000, service.clock.now())
    expect((await get('/health')).status).toBe(200)
    await restSending(service.ctx.db, 300_000, service.clock.now())
    const resting = await get('/health')
    expect([resting.status, await resting.json()]).toMatchObject([503, { status: 'resting' }])
    Object.assign(service.ctx.config.sending, { dailyQuota: 50 })
    await noteUsedToday(service.ctx.db, 50, new Date(), service.clock.now())
    const usedUp = await get('/health')
    expect([usedUp.status, await usedUp.json()]).toMatchObject([503, { status: 'quota-used-up' }])

    const still = await createTestService()
    try {
      const answer = await send(still, '/health', { method: 'GET' })
      expect(answer.status).toBe(503)
      expect(await answer.json()).toMatchObject({ status: 'stalled', secondsSinceTick: null })
    } finally {
      await still.stop()
    }
  })
})
