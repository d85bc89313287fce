import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { alerts } from '../../drizzle/schema/index.ts'
import { changeAlerts } from '../../src/actions/change-alerts.ts'
import { markBooked } from '../../src/actions/mark-booked.ts'
import { recordClick } from '../../src/actions/record-click.ts'
import { requestCall } from '../../src/actions/request-call.ts'
import { watchSources } from '../../src/actions/watch-sources.ts'
import { gatherDigest } from '../../src/store/alerts.ts'
import { findLeadByEmail } from '../../src/store/leads.ts'
import { readHealth } from '../../src/store/health.ts'
import { submitForm } from '../support/forms.ts'
import { createTestService, type TestService, testStart } from '../support/service.ts'
import { json, mailsTo, newWhsec, send, settle, signers, storyOf } from './support.ts'

let service: TestService
beforeEach(async () => {
  service = await createTestService()
  await service.addSource({})
})
afterEach(() => service?.stop())

const hour = 3_600_000
const desk = () => mailsTo(service, 'front-desk')
const jump = (at: Date) => service.clock.jumpTo(at)
const jumpBy = (ms: number) => jump(new Date(service.clock.now().getTime() + ms))
const rows = () => service.ctx.db.select().from(alerts).orderBy(alerts.createdAt, alerts.id)
const states = async () => (await rows()).map(({ kind, status }) => `${kind} ${status}`)

async function newLead(email: string) {
  await submitForm(service, { email, first_name: 'Robin', phone: '610-555-0133' })
  await settle(service)
  return storyOf(service, email)
}
const alertsOf = (when: 'at-once' | 'digest' | 'none') =>
  changeAlerts(service.ctx, { slug: 'website', alerts: when, actor: 'test' })

describe('a source whose leads are told once a day', () => {
  test('is told in one mail at the hour, however many workers gather; who wants a call is told at once', async () => {
    await alertsOf('digest')
    const { deliveries } = await newLead('one@lead.example')
    await newLead('two@lead.example')
    expect(desk()).toEqual([])
    expect((await readHealth(service.ctx.db, service.clock.now(), null)).waitingAlerts).toBe(0)
    await requestCall(service.ctx, deliveries[0]!.id)
    await settle(service)
    expect(desk().map(({ subject }) => subject)).toEqual(['A lead asks to be called'])
    // Thursday, 8:00 at the clinic.
    jump(new Date('2026-03-05T13:00:00Z'))
    await Promise.all(Array.from({ length: 4 }, () => gatherDigest(service.ctx.db, service.clock.now())))
    await settle(service)
    const [, digest, ...more] = desk()
    expect([digest!.subject, more]).toEqual(['2 leads to look at', []])
    for (const words of ['(610) 555-0133', 'Robin', '/booked/', 'New lead: please call', 'Website'])
      expect(digest!.text).toContain(words)
    expect(digest!.text!.match(/\/booked\//g)).toHaveLength(2)
    expect((await states()).sort()).toEqual([
      'call-me sent',
      'digest sent',
      'fresh-lead sent',
      'fresh-lead sent',
    ])
  })

  test('or not at all', async () => {
    await alertsOf('none')
    await newLead('one@lead.example')
    expect(await rows()).toEqual([])
  })
})

describe('a lead who followed the booking button', () => {
  test('and has not booked a day later is told of, once', async () => {
    const { deliveries } = await newLead('click@lead.example')
    jumpBy(hour)
    await recordClick(service.ctx, deliveries[0]!.id)
    jumpBy(hour)
    await recordClick(service.ctx, deliveries[0]!.id)
    jumpBy(23 * hour)
    await settle(service)
    expect(desk().map(({ subject }) => subject)).toEqual([
      'New lead from Website',
      'A lead looked at your calendar and did not book',
    ])
    expect(desk()[1]!.text).toContain('click@lead.example')
    await recordClick(service.ctx, deliveries[0]!.id)
    jumpBy(25 * hour)
    await settle(service)
    expect(desk()).toHaveLength(2)
  })

  test('and has booked since, or was a program, is not', async () => {
    const { deliveries, lead } = await newLead('booked@lead.example')
    const { deliveries: scanned } = await newLead('scanned@lead.example')
    jumpBy(hour)
    await recordClick(service.ctx, deliveries[0]!.id)
    for (let time = 0; time < 4; time++) await recordClick(service.ctx, scanned[0]!.id)
    await markBooked(service.ctx, { leadId: lead.id, actor: 'test' })
    jumpBy(25 * hour)
    await settle(service)
    expect(desk()).toHaveLength(2)
    expect((await states()).filter((state) => state.startsWith('unbooked-click'))).toEqual([
      'unbooked-click dropped',
      'unbooked-click dropped',
    ])
    // What came to nothing is asked for anew by a person's click.
    await recordClick(service.ctx, scanned[0]!.id)
    jumpBy(25 * hour)
    await settle(service)
    expect(desk()[2]!.text).toContain('scanned@lead.example')
  })
})

test('a lead who had all mails and has not booked three days later is told of', async () => {
  await newLead('all@lead.example')
  await newLead('some@lead.example')
  const next = async () => {
    const { deliveries } = await storyOf(service, 'all@lead.example')
    return deliveries.find(({ status }) => status === 'waiting')?.dueAt
  }
  for (let due = await next(); due; due = await next()) {
    jump(due)
    await settle(service)
  }
  const finished = (await rows()).filter(({ kind }) => kind === 'finished')
  expect(finished).toHaveLength(2)
  expect(desk()).toHaveLength(2)
  const some = (await findLeadByEmail(service.ctx.db, 'some@lead.example'))!
  await markBooked(service.ctx, { leadId: some.id, actor: 'test' })
  jumpBy(73 * hour)
  await settle(service)
  expect(
    desk()
      .slice(2)
      .map(({ subject }) => subject),
  ).toEqual(['A lead had all emails and did not book'])
  expect(desk()[2]!.text).toContain('all@lead.example')
})

describe('the webhook of a tool', () => {
  const call = (key: string, path = '/hooks/bookings/calendly') => {
    const body = JSON.stringify({ event: 'invitee.created', payload: { email: 'x@lead.example' } })
    const sign = path === '/hooks/resend' ? signers.resend : signers.calendly
    return send(service, path, {
      headers: { 'content-type': json, ...sign(body, key, new Date()) },
      body,
    })
  }
  /** As if the second were over in which only one refusal is counted. */
  const endSecond = () =>
    service.ctx.db.execute(sql`update settings set
      value = value || jsonb_build_object('at', clock_timestamp() - interval '2 seconds') where key like 'hook-refusals:%'`)
  const refused = async (times: number, path?: string) => {
    for (let time = 0; time < times; time++) {
      expect((await call(newWhsec(), path)).status).toBe(401)
      jumpBy(4 * 60_000)
      await endSecond()
    }
    await settle(service)
    return desk().filter(({ subject }) => subject.startsWith('Nothing gets through'))
  }
  const health = async () => (await readHealth(service.ctx.db, service.clock.now(), null)).hooksRefusing

  test('that is refused for a while is told of once, until something good comes', async () => {
    expect(await refused(4)).toEqual([])
    expect(await refused(4)).toHaveLength(1)
    expect((await call(service.calendlySecret)).status).toBe(200)
    // Another run on the same day: whoever forges calls would bring one alert for each good one.
    expect(await refused(6)).toHaveLength(1)
    // But one that lasts is told of, whatever was told of before it began.
    jumpBy(24 * hour)
    const [, ...second] = await refused(1)
    expect(second).toHaveLength(1)
    expect(second[0]!.subject).toContain('calendly')
    expect(second[0]!.text).toContain('At least 7 calls')
    expect(second[0]!.text).not.toContain('lead.example')
    expect(await health()).toEqual([{ tool: 'calendly', refused: 15, last: expect.any(String) }])
    jumpBy(8 * 24 * hour)
    expect(await health()).toEqual([])
  })

  test('of Resend is watched as well, and nothing is told of a tool that is not in use', async () => {
    expect(await refused(6, '/hooks/bookings/jane')).toEqual([])
    expect(await refused(6, '/hooks/resend')).toMatchObject([{ subject: expect.stringContaining('resend') }])
    expect(await health()).toMatchObject([
      { tool: 'resend', refused: 6 },
      { tool: 'jane', refused: 6 },
    ])
  })

  test('that calls are forged to by the hundred makes no write for each, and in a moment tells nobody', async () => {
    await Promise.all(Array.from({ length: 100 }, () => call(newWhsec())))
    const [{ refused: counted } = { refused: 0 }] = await health()
    expect(counted).toBeGreaterThan(0)
    expect(counted).toBeLessThan(50)
    // As many as tell of trouble that lasts.
    for (let time = 0; time < 6; time++) {
      await endSecond()
      expect((await call(newWhsec())).status).toBe(401)
    }
    await settle(service)
    expect(desk()).toEqual([])
  })
})

describe('a source', () => {
  const secret = newWhsec()
  const post = (email: string, key: string) => {
    const body = JSON.stringify({ data: { email } })
    const headers = { 'content-type': json, ...signers['standard-webhooks'](body, key, new Date()) }
    return send(service, '/hooks/leads/tool', { headers, body })
  }
  beforeEach(() =>
    service.addSource({
      slug: 'tool',
      name: 'Landing page',
      adapter: 'standard-webhooks',
      secrets: [secret],
    }),
  )

  test('whose signatures fail for a while is told of once, until something good comes', async () => {
    const refused = async (times: number) => {
      for (let time = 0; time < times; time++) {
        expect((await post('x@lead.example', newWhsec())).status).toBe(401)
        jumpBy(4 * 60_000)
      }
      await settle(service)
      return desk().filter(({ subject }) => subject.includes('Landing page') && subject.startsWith('Nothing'))
    }
    expect(await refused(4)).toEqual([])
    expect(await refused(4)).toHaveLength(1)
    expect((await post('good@lead.example', secret)).status).toBe(200)
    jumpBy(60_000)
    expect(await refused(6)).toHaveLength(1)
    jumpBy(24 * hour)
    const [, ...second] = await refused(1)
    expect(second).toHaveLength(1)
    expect(second[0]!.text).toContain('source secret tool')
    expect(second[0]!.text).not.toContain('lead.example')
  })

  test('that used to send and has fallen silent is told of once', async () => {
    for (let day = 0; day < 9; day++) {
      jump(new Date(testStart.getTime() + day * 24 * hour))
      await post(`day-${day}@lead.example`, secret)
    }
    const watch = async () => {
      await service.ctx.db.execute(sql`delete from settings where key = 'watch-sources'`)
      await Promise.all(Array.from({ length: 3 }, () => watchSources(service.ctx)))
      await settle(service)
      return desk().filter(({ subject }) => subject.endsWith('silent'))
    }
    jumpBy(60 * hour)
    expect(await watch()).toEqual([])
    jumpBy(24 * hour)
    const told = await watch()
    expect(told.map(({ subject }) => subject)).toEqual(['Landing page has fallen silent'])
    jumpBy(24 * hour)
    expect(await watch()).toHaveLength(1)
  })
})
