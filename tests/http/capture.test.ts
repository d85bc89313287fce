import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alerts, captures, consents, enrollments, leads, suppressions } from '../../drizzle/schema/index.ts'
import { zoneOf } from '../../src/actions/zone-of.ts'
import type { CaptureResult } from '../../src/core/capture.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { submitForm } from '../support/forms.ts'
import { capturesOf, json, mailsTo, newWhsec, send, settle, signers, storyOf, urlencoded } from './support.ts'

let service: TestService
beforeAll(async () => {
  service = await createTestService()
  await service.addSource({})
})
afterAll(() => service?.stop())

/** A second passes before each, so that histories have an order. */
const submit = async (fields: Record<string, string>, slug?: string) => {
  service.clock.jumpTo(new Date(service.clock.now().getTime() + 1_000))
  const answer = await submitForm(service, fields, slug)
  expect(answer.status).toBe(200)
  const { captureId } = (await answer.json()) as { captureId: string }
  const [row] = await service.ctx.db.select().from(captures).where(eq(captures.id, captureId))
  return { captureId, status: row!.status, leadId: row!.leadId }
}

let people = 0
const newAddress = () => `person-${++people}@lead.example`

/** Alerts asked for since this lead's captures began, by kind. */
async function alertsFor(email: string) {
  const story = await storyOf(service, email)
  const rows = await service.ctx.db.select().from(alerts)
  const ids = new Set((await leadCaptures(story.lead.id)).map(({ id }) => id))
  return rows.filter(({ captureId }) => captureId !== null && ids.has(captureId)).map(({ kind }) => kind)
}

async function leadCaptures(leadId: string) {
  return service.ctx.db.select().from(captures).where(eq(captures.leadId, leadId))
}

/** A signed Calendly event about somebody. */
async function booked(email: string, extra: object = {}) {
  const body = JSON.stringify({
    event: 'invitee.created',
    created_at: '2026-03-04T15:00:00Z',
    payload: { uri: `https://api.calendly.com/invitees/${randomUUID()}`, email, ...extra },
  })
  const headers = { 'content-type': json, ...signers.calendly(body, service.calendlySecret, new Date()) }
  expect((await send(service, '/hooks/bookings/calendly', { headers, body })).status).toBe(200)
}

describe('the same submission again', () => {
  test('answers 200 with the same lead, and no second mail', async () => {
    const email = newAddress()
    const fields = { email, first_name: 'Pat', submission_id: randomUUID() }
    const first = await submit(fields)
    expect(first).toEqual({
      captureId: expect.any(String),
      status: 'mapped',
      leadId: expect.any(String),
    })
    await settle(service)
    expect(await submit(fields)).toEqual(first)
    await settle(service)
    expect(await submit(fields)).toEqual(first)
    await settle(service)
    expect(mailsTo(service, email)).toHaveLength(1)
    expect(await alertsFor(email)).toEqual(['fresh-lead'])
  })

  test('even without an id of its own, as from Elementor', async () => {
    const email = newAddress()
    const path = '/hooks/leads/elementor/a-secret-in-the-path-0123456789'
    await service.addSource({
      slug: 'elementor',
      adapter: 'elementor',
      secrets: ['a-secret-in-the-path-0123456789'],
    })
    const body = new URLSearchParams({ form_id: 'f', form_name: 'F', Email: email, Name: 'Pat Lee' })
    const results = []
    for (let time = 0; time < 3; time++)
      results.push((await (await send(service, path, { body })).json()) as CaptureResult)
    expect(new Set(results.map(({ leadId }) => leadId)).size).toBe(1)
    expect(results.map(({ duplicate }) => duplicate)).toEqual([false, true, true])
    await settle(service)
    expect(mailsTo(service, email)).toHaveLength(1)
  })

  test('with an answer that was mended is no repeat, whoever sends it: what is answered 200 is kept', async () => {
    const secret = newWhsec()
    const source = await service.addSource({ slug: 'mended', adapter: 'google-forms', secrets: [secret] })
    const email = newAddress()
    const tell = async (phone: string) => {
      const body = JSON.stringify({ data: { submission_id: 'response-1', email, phone } })
      const headers = { 'content-type': json, ...signers['standard-webhooks'](body, secret, new Date()) }
      const answer = await send(service, '/hooks/leads/mended', { headers, body })
      expect(answer.status).toBe(200)
      return { body, ...((await answer.json()) as CaptureResult) }
    }
    const told = [await tell('+16105550142'), await tell('+16105550142'), await tell('+16105550143')]
    expect(told.map(({ duplicate }) => duplicate)).toEqual([false, true, false])
    const kept = (await capturesOf(service, source)).map((row) => row.body!.toString())
    expect(kept.sort()).toEqual([told[0]!.body, told[2]!.body].sort())
    expect((await storyOf(service, email)).lead.phone).toBe('+16105550143')
  })

  test('twenty at once: one lead, one enrollment, one delivery', async () => {
    const email = newAddress()
    const fields = { email, first_name: 'Pat', submission_id: randomUUID() }
    const results = await Promise.all(Array.from({ length: 20 }, () => submit(fields)))
    expect(new Set(results.map(({ leadId }) => leadId)).size).toBe(1)
    expect(new Set(results.map(({ captureId }) => captureId)).size).toBe(1)
    const story = await storyOf(service, email)
    expect([story.captures.length, story.enrollments.length, story.deliveries.length]).toEqual([1, 1, 1])
    await settle(service)
    expect(mailsTo(service, email)).toHaveLength(1)
    expect(await alertsFor(email)).toEqual(['fresh-lead'])
  })
})

describe('one person, several submissions', () => {
  test('twenty at once through two sources: one lead, twenty captures, one enrollment', async () => {
    const secret = newWhsec()
    await service.addSource({ slug: 'ad', name: 'Ad', adapter: 'standard-webhooks', secrets: [secret] })
    const email = newAddress()
    const viaAd = async (index: number) => {
      const body = JSON.stringify({ data: { email, first_name: 'Pat', message: `number ${index}` } })
      const headers = { 'content-type': json, ...signers['standard-webhooks'](body, secret, new Date()) }
      const answer = await send(service, '/hooks/leads/ad', { headers, body })
      expect(answer.status).toBe(200)
      return (await answer.json()) as CaptureResult
    }
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        index % 2 ? viaAd(index) : submit({ email: email.toUpperCase(), message: `number ${index}` }),
      ),
    )
    expect(new Set(results.map(({ leadId }) => leadId)).size).toBe(1)
    expect(new Set(results.map(({ captureId }) => captureId)).size).toBe(20)
    const story = await storyOf(service, email)
    expect(story.captures.map(({ source }) => source).sort()).toEqual([
      ...Array.from({ length: 10 }, () => 'Ad'),
      ...Array.from({ length: 10 }, () => 'Website'),
    ])
    expect(story.captures.map(({ outcome }) => outcome).sort()).toEqual([
      ...Array.from({ length: 19 }, () => 'attached'),
      'enrolled',
    ])
    expect([story.enrollments.length, story.deliveries.length]).toEqual([1, 1])
    await settle(service)
    expect(mailsTo(service, email)).toHaveLength(1)
  })

  test('what was known is kept, and what is new wins', async () => {
    const email = newAddress()
    await submit({ email, first_name: 'Pat', phone: '(610) 555-0111', time_zone: 'America/Denver' })
    await submit({ email, first_name: '', last_name: 'Lee', phone: '', zip: '19010', time_zone: '' })
    expect((await storyOf(service, email)).lead).toMatchObject({
      firstName: 'Pat',
      lastName: 'Lee',
      phone: '+16105550111',
      postalCode: '19010',
      timeZone: 'America/Denver',
    })
    await submit({ email, first_name: 'Patricia', phone: '610 555 0122', time_zone: 'America/Chicago' })
    expect((await storyOf(service, email)).lead).toMatchObject({
      firstName: 'Patricia',
      lastName: 'Lee',
      phone: '+16105550122',
      timeZone: 'America/Chicago',
    })
  })

  test('without a zone the clinic’s counts', async () => {
    const email = newAddress()
    await submit({ email, time_zone: 'Mars/Olympus' })
    const { lead } = await storyOf(service, email)
    expect([lead.timeZone, zoneOf(service.ctx, lead)]).toEqual([null, service.ctx.config.brand.timeZone])
  })
})

test('one submission id and other answers, as when one is mended: both are kept, and the lead is one', async () => {
  const fields = { email: newAddress(), phone: '6105550142', submission_id: randomUUID() }
  const mended = { ...fields, phone: '6105550143' }
  const results = []
  for (const one of [fields, mended, mended]) results.push(await submit(one))
  const ids = results.map(({ captureId }) => captureId)
  expect([new Set(ids).size, ids[2]]).toEqual([2, ids[1]])
  const story = await storyOf(service, fields.email)
  expect([story.lead.phone, story.captures.length, story.enrollments.length]).toEqual(['+16105550143', 2, 1])
})

test('one submission id from two people, as a cached page sends it: two leads', async () => {
  const submission_id = randomUUID()
  const [one, other] = [newAddress(), newAddress()]
  const results = [await submit({ email: one, submission_id }), await submit({ email: other, submission_id })]
  expect(new Set(results.map(({ captureId }) => captureId)).size).toBe(2)
  expect(new Set(results.map(({ leadId }) => leadId)).size).toBe(2)
  await settle(service)
  expect([mailsTo(service, one).length, mailsTo(service, other).length]).toEqual([1, 1])
})

describe('stored, and not enrolled', () => {
  /** No enrollment, no mail, and the front desk knows. */
  async function storedOnly(email: string, outcome: string) {
    await settle(service)
    const story = await storyOf(service, email)
    expect(story.captures.at(-1)).toMatchObject({ outcome })
    expect(story.enrollments.filter(({ status }) => status === 'active')).toEqual([])
    expect(await alertsFor(email)).toContain('fresh-lead')
    return story
  }

  test('consent explicitly refused', async () => {
    const email = newAddress()
    const { leadId } = await submit({ email, consent: 'no' })
    await storedOnly(email, 'without-consent')
    expect(mailsTo(service, email)).toEqual([])
    expect(await service.ctx.db.$count(consents, eq(consents.leadId, leadId!))).toBe(0)
  })

  test('a box that the mapping knows, left unticked', async () => {
    await service.addSource({ slug: 'boxed', mapping: { consent: 'may_email' } })
    const email = newAddress()
    await submit({ email }, 'boxed')
    await storedOnly(email, 'without-consent')
    expect(mailsTo(service, email)).toEqual([])
    const other = newAddress()
    await submit({ email: other, may_email: 'on' }, 'boxed')
    expect((await storyOf(service, other)).enrollments).toHaveLength(1)
  })

  test('consent given is proven: what, where and when', async () => {
    const email = newAddress()
    const { leadId, captureId } = await submit({
      email,
      consent: 'yes',
      consent_text_version: '2026-11',
      page_url: 'https://clinic.example/contact',
    })
    const rows = await service.ctx.db.select().from(consents).where(eq(consents.leadId, leadId!))
    expect(rows).toMatchObject([
      {
        captureId,
        basis: 'ticked',
        textVersion: '2026-11',
        pageUrl: 'https://clinic.example/contact',
        givenAt: service.clock.now(),
      },
    ])
  })

  test('a suppressed person who fills in again, plus-tag or not', async () => {
    const email = newAddress()
    await submit({ email })
    await settle(service)
    const [mail] = mailsTo(service, email)
    const unsubscribe = /<([^>]+)>/.exec(mail!.headers['List-Unsubscribe']!)![1]!
    await fetch(unsubscribe, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    })
    const before = await service.ctx.db.$count(suppressions)

    await submit({ email })
    await storedOnly(email, 'suppressed')
    expect(mailsTo(service, email)).toHaveLength(1)
    const tagged = email.replace('@', '+again@')
    await submit({ email: tagged.toUpperCase() })
    expect((await storedOnly(email, 'suppressed')).captures).toHaveLength(3)
    expect(mailsTo(service, 'again@')).toEqual([])
    const desk = mailsTo(service, 'front-desk').filter(({ text }) => text?.includes(email))
    expect(desk).toHaveLength(3)
    expect(await service.ctx.db.$count(suppressions)).toBe(before)
  })

  test('booked before the form came', async () => {
    const email = newAddress()
    await booked(email)
    await submit({ email })
    const story = await storedOnly(email, 'booked')
    expect(mailsTo(service, email)).toEqual([])
    expect(story.bookings).toMatchObject([{ tool: 'calendly', matchedBy: 'email', status: 'booked' }])
  })

  test('a person who went through the whole sequence', async () => {
    const email = newAddress()
    const { leadId } = await submit({ email })
    await service.ctx.db
      .update(enrollments)
      .set({ status: 'finished' })
      .where(eq(enrollments.leadId, leadId!))
    await submit({ email })
    await storedOnly(email, 'finished')
  })
})

describe('ignored', () => {
  test('a filled honeypot: 200, and neither lead nor mail', async () => {
    const source = await service.addSource({ slug: 'honeypot' })
    const email = newAddress()
    const before = await service.ctx.db.$count(leads)
    expect(await submit({ email, website: 'https://spam.example' }, 'honeypot')).toMatchObject({
      leadId: null,
    })
    await settle(service)
    expect(await service.ctx.db.$count(leads)).toBe(before)
    expect(mailsTo(service, email)).toEqual([])
    expect(service.sandbox.emails().some(({ text }) => text?.includes(email))).toBe(false)
    expect(await capturesOf(service, source)).toMatchObject([{ status: 'ignored' }])
    expect(await submit({ email, website: ' ' }, 'honeypot')).toMatchObject({ status: 'mapped' })
  })

  test('the test button of a source', async () => {
    const key = 'a-key-of-google-ads-0123456789abcdef'
    const source = await service.addSource({ slug: 'ads', adapter: 'google-ads-lead-form', secrets: [key] })
    const email = newAddress()
    const lead = {
      lead_id: 'test-lead',
      form_id: 1,
      google_key: key,
      user_column_data: [{ column_id: 'EMAIL', string_value: email }],
    }
    const push = async (body: object) => {
      const answer = await send(service, '/hooks/leads/ads', {
        headers: { 'content-type': json },
        body: JSON.stringify(body),
      })
      expect(answer.status).toBe(200)
      return (await answer.json()) as CaptureResult
    }
    expect(await push({ ...lead, is_test: true })).toMatchObject({ status: 'ignored', leadId: null })
    await settle(service)
    expect(mailsTo(service, email)).toEqual([])
    expect(await capturesOf(service, source)).toMatchObject([{ status: 'ignored' }])
    expect(await push({ ...lead, lead_id: 'real-lead' })).toMatchObject({ status: 'mapped' })
  })
})

describe('a browser', () => {
  const browser = (fields: Record<string, string>, slug: string) =>
    send(service, `/hooks/leads/${slug}`, {
      headers: { accept: 'text/html,application/xhtml+xml', 'content-type': urlencoded },
      body: new URLSearchParams({ consent: 'yes', ...fields }).toString(),
    })

  test('is sent on to our thank-you page, or to that of the source', async () => {
    const own = await browser({ email: newAddress() }, 'website')
    expect([own.status, own.headers.get('location')]).toEqual([303, '/thanks'])
    await service.addSource({ slug: 'elsewhere', thankYouUrl: 'https://clinic.example/thank-you' })
    const theirs = await browser({ email: newAddress() }, 'elsewhere')
    expect([theirs.status, theirs.headers.get('location')]).toEqual([303, 'https://clinic.example/thank-you'])
  })

  test('is told on a page what to correct', async () => {
    const answer = await browser({ email: 'nobody' }, 'website')
    expect(answer.status).toBe(422)
    const text = await answer.text()
    expect(text).toContain('<strong>email</strong>')
    expect(text).toContain('Go back')
  })

  test('that sends twice sees the same page twice, and one mail comes', async () => {
    const fields = { email: newAddress(), submission_id: randomUUID() }
    expect((await browser(fields, 'website')).status).toBe(303)
    expect((await browser(fields, 'website')).status).toBe(303)
    await settle(service)
    expect(mailsTo(service, fields.email)).toHaveLength(1)
  })

  test('with a filled honeypot sees the thank-you page too', async () => {
    expect((await browser({ email: newAddress(), website: 'x' }, 'website')).status).toBe(303)
  })
})

test('the front desk is told of a fresh lead: name, phone, source, and a link that works', async () => {
  const email = newAddress()
  await submit({ email, first_name: 'Robin', last_name: 'Vale', phone: '+16105550142', message: 'Mornings' })
  await settle(service)
  const [mail] = mailsTo(service, 'front-desk').filter(({ text }) => text?.includes(email))
  for (const part of ['Robin Vale', '610', 'Website', 'Mornings', '/booked/'])
    expect(mail!.text).toContain(part)
  const link = /https?:\/\/\S+\/booked\/[\w-]+/.exec(mail!.text!)![0]
  const page = await (await fetch(link)).text()
  expect(page).toContain('Robin Vale')
})
