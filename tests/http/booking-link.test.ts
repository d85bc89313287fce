import { request } from 'node:http'
import { afterAll, beforeEach, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { assignBooking } from '../../src/actions/assign-booking.ts'
import { markBooked } from '../../src/actions/mark-booked.ts'
import { burst } from '../../src/core/click.ts'
import { createApp } from '../../src/http/app.ts'
import { listen } from '../../src/http/server.ts'
import { freePort } from '../../src/cli/free-port.ts'
import { listClicks } from '../../src/store/clicks.ts'
import { openDatabase } from '../../src/store/db.ts'
import { nextDueAt } from '../../src/store/due-deliveries.ts'
import { tell } from '../actions/booking-support.ts'
import { bookingToken } from '../support/booking-token.ts'
import { submitForm } from '../support/forms.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { mailsTo, settle, storyOf } from './support.ts'

const minute = 60_000
const chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36'
const bookingUrl = 'https://booking.clinic.example/call'

let service: TestService
let people = 0
let email: string
beforeAll(async () => {
  service = await createTestService({ env: { CLINIC_BOOKING_URL: `${bookingUrl}?type=first#now` } })
  await service.addSource({ slug: 'website', name: 'Website' })
  await service.addSource({ slug: 'letter', name: 'Letter' })
})
afterAll(() => service?.stop())
beforeEach(async () => {
  email = `click-${++people}@lead.example`
  await submitForm(service, { email })
  await settle(service)
})
/** Nothing of one test is due in the next. */
afterEach(async () => {
  const { lead } = await storyOf(service, email)
  await markBooked(service.ctx, { leadId: lead.id, actor: 'test' })
  await settle(service)
})

/** The address behind the booking button of a lead's newest mail. */
const buttonOf = (address: string) =>
  /https?:\/\/\S+\/book\/[\w-]+/.exec(mailsTo(service, address).at(-1)!.text!)![0]

type Visit = { agent?: string | null; method?: string; headers?: Record<string, string> }

/** A request with exactly these headers, as fetch would name itself where no agent is given. */
function visit(url: string, { agent = chrome, method = 'GET', headers = {} }: Visit = {}) {
  return new Promise<{ status: number; location: string | undefined }>((resolve, reject) => {
    const sent = { ...headers, ...(agent === null ? {} : { 'user-agent': agent }) }
    request(url, { method, headers: sent, agent: false }, (answer) => {
      answer.resume()
      resolve({ status: answer.statusCode ?? 0, location: answer.headers.location })
    })
      .on('error', reject)
      .end()
  })
}

const clicksOf = async (address: string) =>
  listClicks(service.ctx.db, (await storyOf(service, address)).lead.id)
const pass = (ms: number) => service.clock.jumpTo(new Date(service.clock.now().getTime() + ms))

/** Sends the lead its next mail, at the moment when it is due. */
async function nextMail(): Promise<void> {
  service.clock.jumpTo((await nextDueAt(service.ctx.db))!)
  await settle(service)
}

describe('the booking button', () => {
  test('leads a person on to the booking page, with our token, and is kept as a click', async () => {
    pass(minute)
    const button = buttonOf(email)
    expect(button).toMatch(new RegExp(`^${service.baseUrl}/book/[\\w-]{43}$`))
    const { status, location } = await visit(button)
    expect(status).toBe(302)
    const page = new URL(location!)
    expect([page.origin, page.pathname, page.hash]).toEqual([
      'https://booking.clinic.example',
      '/call',
      '#now',
    ])
    expect(Object.fromEntries(page.searchParams)).toEqual({
      type: 'first',
      utm_source: 'nurture',
      utm_medium: 'email',
      utm_content: button.split('/').at(-1),
    })
    const { deliveries } = await storyOf(service, email)
    const at = service.clock.now()
    expect(await clicksOf(email)).toMatchObject([
      { deliveryId: deliveries[0]!.id, step: 'lesson-1', discount: null, at },
    ])
  })

  test('leads nowhere but there, whatever stands in its place', async () => {
    const { deliveries, enrollments } = await storyOf(service, email)
    const unsubscribe = service.ctx.links.unsubscribe(deliveries[0]!.id).split('/').at(-1)!
    const good = bookingToken(service, deliveries[0]!.id)
    const wrong = [
      unsubscribe,
      `${good}x`,
      good.slice(0, -2),
      enrollments[0]!.id,
      'https:%2F%2Fevil.example',
      '%2F%2Fevil.example',
      '..%2Fhealth',
      `${good}?to=https://evil.example&utm_content=other`,
    ]
    pass(minute)
    for (const token of wrong) {
      const { status, location } = await visit(`${service.baseUrl}/book/${token}`)
      expect([status, new URL(location!).origin]).toEqual([302, 'https://booking.clinic.example'])
      const query = new URL(location!).searchParams
      expect(query.get('utm_content')).toBe(token.includes('?') ? good : null)
      expect([query.get('utm_source'), query.get('to')]).toEqual(['nurture', null])
    }
    expect(await clicksOf(email)).toHaveLength(1)
  })

  test('is followed by programs too, which leave no trace', async () => {
    pass(minute)
    const button = buttonOf(email)
    const programs: Visit[] = [
      { method: 'HEAD' },
      { agent: null },
      { agent: '' },
      { agent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' },
      { agent: 'python-requests/2.32' },
      { agent: 'curl/8.9.1' },
      { headers: { 'sec-purpose': 'prefetch;prerender' } },
      { headers: { purpose: 'preview' } },
    ]
    for (const program of programs) {
      const { status, location } = await visit(button, program)
      expect([status, new URL(location!).host]).toEqual([302, 'booking.clinic.example'])
    }
    expect(await clicksOf(email)).toEqual([])
    await visit(button)
    expect(await clicksOf(email)).toHaveLength(1)
  })

  test('followed with the delivery is kept as early, and counts for nothing', async () => {
    await visit(buttonOf(email))
    pass(9_000)
    await visit(buttonOf(email))
    pass(minute)
    await visit(buttonOf(email))
    expect((await clicksOf(email)).map(({ discount }) => discount)).toEqual(['early', 'early', null])
  })

  test('followed by two presses is a person, by several at once a program, and by a flood is not kept at all', async () => {
    pass(minute)
    const button = buttonOf(email)
    await Promise.all([visit(button), visit(button)])
    expect((await clicksOf(email)).map(({ discount }) => discount)).toEqual([null, null])
    pass(minute)
    await Promise.all(Array.from({ length: burst.clicks }, () => visit(button)))
    const discounts = (await clicksOf(email)).map(({ discount }) => discount)
    expect(discounts).toEqual([null, null, ...Array.from({ length: burst.clicks }, () => 'burst')])
    await Promise.all(Array.from({ length: 30 }, () => visit(button)))
    expect(await clicksOf(email)).toHaveLength(2 + burst.kept)
  })

  test('changes nothing of what its lead is sent', async () => {
    pass(minute)
    const { lead: before, ...story } = await storyOf(service, email)
    for (let press = 0; press < 5; press++) {
      await visit(buttonOf(email))
      pass(minute)
    }
    const { lead: after, ...later } = await storyOf(service, email)
    expect(after).toEqual(before)
    expect(later.enrollments).toEqual(story.enrollments)
    expect(later.deliveries).toEqual(story.deliveries)
    expect(later.bookings).toEqual(story.bookings)
  })

  test('leads on when the database is away, or does not answer', async () => {
    const { pathname } = new URL(buttonOf(email))
    const nowhere = openDatabase(`postgres://nobody@127.0.0.1:${await freePort()}/none`, 2, () => {})
    // A pool of one connection, which somebody else has and does not give back.
    const hanging = openDatabase(service.databaseUrl, 1, () => {})
    const lent = await hanging.pool.connect()
    try {
      for (const { db } of [nowhere, hanging]) {
        const port = await freePort()
        const server = await listen(createApp({ ...service.ctx, db }), '127.0.0.1', port)
        const { status, location } = await visit(`http://127.0.0.1:${port}${pathname}`)
        expect([status, new URL(location!).host]).toEqual([302, 'booking.clinic.example'])
        await server.close()
      }
    } finally {
      lent.release()
      await Promise.all([nowhere.close(), hanging.close()])
    }
  })
})

describe('a booking is credited', () => {
  /** The steps that a lead's only booking has to its credit, and where the lead first came from. */
  async function credit() {
    const { bookings, deliveries } = await storyOf(service, email)
    const stepOf = (id: string | null) => deliveries.find((one) => one.id === id)?.step ?? null
    expect(bookings).toHaveLength(1)
    const [{ clickedDeliveryId, receivedDeliveryId, firstSource }] = bookings as [(typeof bookings)[number]]
    return { clicked: stepOf(clickedDeliveryId), received: stepOf(receivedDeliveryId), firstSource }
  }
  let invitee: string
  const inThreeDays = () => new Date(service.clock.now().getTime() + 4_320 * minute).toISOString()
  const book = (news: { at?: Date; token?: string; by?: string; data?: object } = {}) => {
    const { at = service.clock.now(), token, by = email, data = {} } = news
    const tracking = { tracking: { utm_content: token ?? null } }
    return tell(service, {
      invitee,
      email: by,
      at: at.toISOString(),
      startsAt: inThreeDays(),
      data: { ...tracking, ...data },
    })
  }
  beforeEach(() => {
    invitee = `https://calendly.test/${people}`
  })

  test('to the mail last clicked, whichever was received since; both are kept, and the first source', async () => {
    pass(minute)
    await visit(buttonOf(email))
    await submitForm(service, { email }, 'letter')
    await nextMail()
    pass(minute)
    await book()
    expect(await credit()).toEqual({ clicked: 'lesson-1', received: 'lesson-2', firstSource: 'Website' })
  })

  test('to the one last received where none was clicked, or only by a program', async () => {
    await nextMail()
    await visit(buttonOf(email))
    pass(minute)
    await book()
    expect(await credit()).toEqual({ clicked: null, received: 'lesson-2', firstSource: 'Website' })
  })

  test('to none that came or was clicked after it, in whichever order that is told', async () => {
    pass(minute)
    const at = service.clock.now()
    pass(minute)
    await visit(buttonOf(email))
    await nextMail()
    await book({ at })
    expect(await credit()).toEqual({ clicked: null, received: 'lesson-1', firstSource: 'Website' })
  })

  test('by our token, which proves a click that was not stored', async () => {
    pass(minute)
    await visit(buttonOf(email))
    await nextMail()
    pass(minute)
    const [, second] = (await storyOf(service, email)).deliveries
    await book({ token: bookingToken(service, second!.id), by: 'at.work@lead.example' })
    expect(await credit()).toEqual({ clicked: 'lesson-2', received: 'lesson-2', firstSource: 'Website' })
    expect((await storyOf(service, email)).bookings).toMatchObject([{ matchedBy: 'token' }])
  })

  test('by a click that came after the one of the token', async () => {
    pass(minute)
    const [first] = (await storyOf(service, email)).deliveries
    await nextMail()
    pass(minute)
    await visit(buttonOf(email))
    pass(minute)
    await book({ token: bookingToken(service, first!.id) })
    expect(await credit()).toMatchObject({ clicked: 'lesson-2' })
  })

  test('once: moved, cancelled or told again later, it stays with the mail that brought it', async () => {
    pass(minute)
    await visit(buttonOf(email))
    pass(minute)
    const at = service.clock.now()
    await book()
    pass(60 * minute)
    await visit(buttonOf(email))
    const moved = `${invitee}/moved`
    await tell(service, {
      invitee: moved,
      email,
      at: service.clock.now().toISOString(),
      startsAt: inThreeDays(),
      data: { old_invitee: invitee },
    })
    pass(minute)
    await tell(service, {
      event: 'invitee.canceled',
      invitee: moved,
      email,
      at: service.clock.now().toISOString(),
      startsAt: inThreeDays(),
    })
    const { bookings, deliveries } = await storyOf(service, email)
    const stands = bookings.find(({ externalId }) => externalId === moved)
    expect(stands).toMatchObject({
      status: 'cancelled',
      bookedAt: at,
      clickedDeliveryId: deliveries[0]!.id,
      receivedDeliveryId: deliveries[0]!.id,
    })
  })

  test('by phone at the front desk, and when a person says whose it is', async () => {
    pass(minute)
    await visit(buttonOf(email))
    pass(minute)
    await book({ by: `stranger-${people}@lead.example` })
    const { lead } = await storyOf(service, email)
    const { rows } = await service.ctx.db.execute<{ id: string }>(
      `select id from bookings where external_id = '${invitee}'`,
    )
    await assignBooking(service.ctx, { bookingId: rows[0]!.id, email, actor: 'test' })
    expect(await credit()).toEqual({ clicked: 'lesson-1', received: 'lesson-1', firstSource: 'Website' })
    await markBooked(service.ctx, { leadId: lead.id, actor: 'test' })
    const { bookings, deliveries } = await storyOf(service, email)
    expect(bookings.find(({ tool }) => tool === 'front-desk')).toMatchObject({
      clickedDeliveryId: deliveries[0]!.id,
    })
  })

  test('before the form, to no mail and to the source of that form', async () => {
    const first = email
    email = `before-${people}@lead.example`
    await book()
    await submitForm(service, { email }, 'letter')
    expect(await credit()).toEqual({ clicked: null, received: null, firstSource: 'Letter' })
    await markBooked(service.ctx, { leadId: (await storyOf(service, first)).lead.id, actor: 'test' })
  })
})
