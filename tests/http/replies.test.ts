import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { auditLog, providerEvents, replies } from '../../drizzle/schema/index.ts'
import { answerReply } from '../../src/actions/answer-reply.ts'
import { eraseLead } from '../../src/actions/erase-lead.ts'
import { readEvent, takeUpEvent } from '../../src/actions/receive-event.ts'
import { runTick } from '../../src/actions/run-tick.ts'
import { receivedEvents } from '../../src/core/reply.ts'
import { createResendMailer } from '../../src/mail/resend-mailer.ts'
import { answerTo, type IncomingMail } from '../../src/mail/sandbox/received.ts'
import { nextDueAt } from '../../src/store/due-deliveries.ts'
import { listParkedEvents, reopenEvent } from '../../src/store/events.ts'
import { listOpenReplies, listReplies } from '../../src/store/replies.ts'
import { submitForm } from '../support/forms.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { startStandInApi } from '../support/stand-in-api.ts'
import { json, mailsTo, send, settle, signers, storyOf } from './support.ts'

const clinic = 'desk@clinic.example'
const words = 'Could I come on Friday? My back is <b>better</b> & I have a question.'

let service: TestService
let people = 0
let email: string
beforeAll(async () => {
  service = await createTestService()
  await service.addSource({})
})
afterAll(() => service?.stop())
beforeEach(async () => {
  email = await newLead()
})

async function newLead(): Promise<string> {
  const address = `reply-${++people}@lead.example`
  await submitForm(service, {
    email: address,
    first_name: 'Pat',
    last_name: `Lee ${people}`,
    phone: '+16105550123',
  })
  await settle(service)
  return address
}

const lastMail = (address = email) => mailsTo(service, address).at(-1)!
const answerOf = (address = email): IncomingMail => answerTo(lastMail(address), words)

/** Lets a mail come in as Resend takes it, and everything happen that follows. */
async function comes(mail: IncomingMail) {
  const received = service.sandbox.receive(mail)
  await service.sandbox.settle()
  await settle(service)
  return received
}

const statusOf = async (address = email) =>
  (await storyOf(service, address)).enrollments.map(({ status, stopReason }) => [status, stopReason])
const stopped = [['stopped', 'replied']]
const running = [['active', null]]
/** Each lead's phone differs in no test, so that a forward is told by its Reply-To. */
const forwardsOf = (replyTo: string) =>
  mailsTo(service, clinic).filter((mail) => mail.replyTo.includes(replyTo))
const repliesOf = async (address = email) =>
  listReplies(service.ctx.db, (await storyOf(service, address)).lead.id)
const lastEvent = async () =>
  (
    await service.ctx.db
      .select()
      .from(providerEvents)
      .where(eq(providerEvents.provider, receivedEvents))
      .orderBy(sql`received_at desc, id desc`)
      .limit(1)
  )[0]!

describe('a person answers', () => {
  test('by the address that the mail asks for: the sequence ends, and the clinic has it', async () => {
    const { replyTo } = lastMail()
    expect(replyTo[0]).toMatch(/^Sample Physio <r\+[0-9a-f]{52}@reply\.clinic\.example>$/)
    expect(replyTo[0]!.split('@')[0]!.split('<')[1]!.length).toBeLessThanOrEqual(64)
    expect(await statusOf()).toEqual(running)
    await comes(answerOf())
    expect(await statusOf()).toEqual(stopped)
    const { lead, deliveries } = await storyOf(service, email)
    expect(deliveries.map(({ status }) => status)).toEqual(['delivered', 'cancelled'])
    expect(await repliesOf()).toMatchObject([
      {
        leadId: lead.id,
        deliveryId: deliveries[0]!.id,
        step: 'lesson-1',
        matchedBy: 'address',
        hintLeadId: null,
        sender: email,
        text: words,
        dmarc: 'pass',
        attachments: 0,
        answeredAt: null,
      },
    ])
    const [forward, ...more] = forwardsOf(email)
    expect(more).toEqual([])
    expect(forward).toMatchObject({
      to: [clinic],
      replyTo: [email],
      from: 'Sample Physio <hello@mail.clinic.example>',
      subject: 'Reply to Sample Physio',
    })
    expect(forward!.text).toContain(words)
    expect(forward!.text).toContain(`Pat Lee ${people}`)
    expect(forward!.html).toContain('My back is &lt;b&gt;better&lt;/b&gt; &amp; I')
    // So that the answer stands in the lead's own thread.
    const [reply] = await repliesOf()
    expect(forward!.headers).toMatchObject({ 'In-Reply-To': `<${reply!.messageId}>` })
  })

  test('in capitals, through another address, with the mail taken in for us under Cc', async () => {
    const { to, ...answer } = answerOf()
    await comes({
      ...answer,
      from: 'pat.at.work@lead.example',
      to: ['friend@other.example'],
      cc: [String(to).toUpperCase()],
    })
    expect(await statusOf()).toEqual(stopped)
    const [forward] = forwardsOf(email)
    expect(forward!.text).toContain('pat.at.work@lead.example')
  })

  test('to the clinic, where a header names the mail', async () => {
    const { messageId } = lastMail()
    await comes({
      from: email,
      to: clinic,
      subject: 'Re: hello',
      text: words,
      headers: { 'In-Reply-To': messageId },
    })
    expect(await statusOf()).toEqual(stopped)
    expect(await repliesOf()).toMatchObject([{ matchedBy: 'in-reply-to' }])

    const other = await newLead()
    const references = `<unknown@elsewhere.example> ${lastMail(other).messageId} <later@elsewhere.example>`
    await comes({ from: other, to: clinic, text: words, headers: { References: references } })
    expect(await statusOf(other)).toEqual(stopped)
    expect(await repliesOf(other)).toMatchObject([{ matchedBy: 'references' }])
  })

  test('only in HTML, with files: words are told, and how many files', async () => {
    const { text: _, ...answer } = answerOf()
    const attachments = [{ filename: 'scan.pdf', contentType: 'application/pdf' }]
    await comes({
      ...answer,
      html: '<p>Yes,<br>please <i>call</i></p><script>alert(1)</script>',
      attachments,
    })
    const [reply] = await repliesOf()
    expect(reply).toMatchObject({ attachments: 1 })
    expect(reply!.text).toMatch(/^Yes,\nplease call/)
    expect(reply!.text).not.toContain('alert')
    expect(forwardsOf(email)[0]!.text).toMatch(/Resend: 1\n/)
  })

  test('more than once: each is kept and forwarded once, however often it is reported', async () => {
    const first = await comes(answerOf())
    await comes(answerOf())
    const event = { type: 'email.received', data: { email_id: first.id } }
    for (let again = 0; again < 3; again++) await report(event)
    await settle(service)
    expect(await repliesOf()).toHaveLength(2)
    expect(forwardsOf(email)).toHaveLength(2)
    expect(await lastEvent()).toMatchObject({ status: 'ignored', reason: 'known already' })
  })

  test('before anything of the sequence that is due starts, and nothing follows', async () => {
    service.sandbox.receive(answerOf())
    await service.sandbox.settle()
    const due = await nextDueAt(service.ctx.db)
    await settle(service)
    service.clock.jumpTo(due!)
    await settle(service)
    expect(mailsTo(service, email)).toHaveLength(1)
  })
})

/** Reports an event as Resend signs it, each time under an id of its own. */
async function report(event: object): Promise<void> {
  const body = JSON.stringify({ created_at: '2026-03-04T15:00:00Z', ...event })
  const headers = signers.resend(body, service.ctx.config.resend.webhookSecrets[0]!, new Date())
  const answer = await send(service, '/hooks/resend', { headers: { 'content-type': json, ...headers }, body })
  expect([answer.status, await answer.text()]).toEqual([200, '{"received":true}'])
}

describe('nothing changes by itself', () => {
  test.each([
    { 'Auto-Submitted': 'auto-replied' },
    { Precedence: 'bulk' },
    { 'X-Autoreply': 'yes' },
    { 'Return-Path': '<>' },
    { 'Content-Type': 'multipart/report; report-type=delivery-status; boundary="x"' },
  ])('by a program that says %j', async (headers) => {
    await comes({ ...answerOf(), headers })
    expect(await statusOf()).toEqual(running)
    expect(await repliesOf()).toEqual([])
    expect(forwardsOf(email)).toEqual([])
    const { status, reason } = await lastEvent()
    expect([status, reason]).toEqual(['ignored', expect.stringMatching(/^an automatic answer: /)])
  })

  test('by a sender who may be forged: the clinic is told, with care', async () => {
    await comes({ ...answerOf(), dmarc: 'fail' })
    expect(await statusOf()).toEqual(running)
    expect(await repliesOf()).toMatchObject([{ dmarc: 'fail', matchedBy: 'address' }])
    expect(forwardsOf(email)[0]!.text).toContain('may be forged')
  })

  test("by a lead's address alone: a hint for a person", async () => {
    await comes({ from: email.toUpperCase(), to: 'hello@reply.clinic.example', text: words })
    expect(await statusOf()).toEqual(running)
    const { lead } = await storyOf(service, email)
    expect(await repliesOf()).toMatchObject([{ leadId: null, matchedBy: null, hintLeadId: lead.id }])
    expect(forwardsOf(email.toUpperCase())[0]!.text).toContain('Only the sender’s address')
  })

  test('by a token that was made up, or made for something else', async () => {
    const { deliveries, lead } = await storyOf(service, email)
    const good = /r\+[0-9a-f]{52}/.exec(lastMail().replyTo[0]!)![0]
    const flipped = good.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
    const unsubscribe = service.ctx.links.unsubscribe(deliveries[0]!.id).split('/').at(-1)!
    const hex = Buffer.from(unsubscribe, 'base64url').toString('hex')
    const plain = deliveries[0]!.id.replaceAll('-', '')
    const locals = [
      flipped,
      good.slice(0, -1),
      `${good}0`,
      `r+${hex.slice(0, 52)}`,
      `r+${plain}`,
      `x${good}`,
      'r+',
    ]
    for (const local of locals)
      await comes({ from: 'stranger@other.example', to: `${local}@reply.clinic.example`, text: words })
    expect(await statusOf()).toEqual(running)
    const { rows } = await service.ctx.db.execute(
      sql`select from replies where sender = 'stranger@other.example' and lead_id is null`,
    )
    expect(rows).toHaveLength(locals.length)
    expect(lead.erasedAt).toBeNull()
    // Anybody can write to the domain: what nothing ties to a lead is on the list, and not sent on.
    expect(forwardsOf('stranger@other.example')).toEqual([])
  })

  test("by the clinic's own mailboxes, so that no mail goes round", async () => {
    for (const from of [clinic, 'hello@mail.clinic.example', service.ctx.config.frontDeskEmail])
      await comes({ ...answerOf(), from })
    expect(await statusOf()).toEqual(running)
    expect(await repliesOf()).toEqual([])
  })
})

describe('a mail that cannot be read yet', () => {
  test('is asked for again until it can, and nothing is lost', async () => {
    const api = await startStandInApi()
    const { mailer } = service.ctx
    const { readReceived } = createResendMailer({
      apiKey: 're_test',
      baseUrl: api.origin,
      timeoutMs: 300,
      now: () => new Date(),
      awaitTurn: async () => {},
    })
    service.ctx.mailer = { ...mailer, readReceived }
    try {
      api.play(
        { status: 500, body: { name: 'internal_server_error', message: 'x', statusCode: 500 } },
        { status: 429, body: { name: 'rate_limit_exceeded', message: 'x', statusCode: 429 } },
        'silent',
        'cut',
        { raw: '<html>' },
        { status: 200, body: { object: 'email', id: 'x' } },
        { status: 404, body: { name: 'not_found', message: 'x', statusCode: 404 } },
      )
      service.sandbox.receive(answerOf())
      await service.sandbox.settle()
      const { id, status } = await lastEvent()
      expect(status).toBe('pending')
      for (let tries = 1; tries <= 7; tries++) {
        await service.ctx.db.execute(sql`update provider_events set next_attempt_at = null where id = ${id}`)
        expect((await runTick(service.ctx)).readings.map((one) => one.id)).toContain(id)
        await readEvent(service.ctx, id)
        expect(await lastEvent()).toMatchObject({ status: 'pending', failures: tries })
        // Not before its pause is over.
        expect((await runTick(service.ctx)).readings.map((one) => one.id)).not.toContain(id)
      }
      expect((await lastEvent()).reason).toBe('Resend: 404 not_found')
      expect(await statusOf()).toEqual(running)
      // Left to a person in the end, who can try it again.
      await service.ctx.db.execute(
        sql`update provider_events set next_attempt_at = null, failures = 39 where id = ${id}`,
      )
      await readEvent(service.ctx, id)
      expect((await listParkedEvents(service.ctx.db, 10)).map((one) => one.id)).toContain(id)
      service.ctx.mailer = mailer
      expect(await reopenEvent(service.ctx.db, id)).toBe(true)
      await takeUpEvent(service.ctx, id)
      await settle(service)
      expect(await statusOf()).toEqual(stopped)
      expect(forwardsOf(email)).toHaveLength(1)
    } finally {
      service.ctx.mailer = mailer
      await api.close()
    }
  })

  test('of an event that names none is parked', async () => {
    for (const data of [{}, { email_id: 7 }, { email_id: '../emails' }, null]) {
      await report({ type: 'email.received', data })
      await settle(service)
      expect(await lastEvent()).toMatchObject({
        status: 'parked',
        reason: 'names no mail that can be asked for',
      })
    }
  })
})

describe('the list of replies', () => {
  const open = async () => (await listOpenReplies(service.ctx.db, 1_000)).map(({ reply }) => reply.id)

  test('holds each until a person says that it is answered, on record', async () => {
    await comes(answerOf())
    const { id } = (await repliesOf())[0]!
    expect(await open()).toContain(id)
    const actor = 'test'
    expect(await answerReply(service.ctx, { replyId: id, actor })).toBe(true)
    expect(await open()).not.toContain(id)
    expect(await answerReply(service.ctx, { replyId: id, actor })).toBe(false)
    expect(await repliesOf()).toMatchObject([{ answeredBy: actor, answeredAt: service.clock.now() }])
    const entries = await service.ctx.db.select().from(auditLog).where(eq(auditLog.subject, id))
    expect(entries).toMatchObject([{ actor, action: 'answer-reply' }])
    const stranger = '01930000-0000-7000-8000-000000000001'
    await expect(answerReply(service.ctx, { replyId: stranger, actor })).rejects.toThrow(/^No reply/)
  })
})

describe('erasure', () => {
  test('takes what was written out of every reply, matched, hinted or before the lead came', async () => {
    const early = `early-${people}@lead.example`
    await comes({ from: early, to: 'hello@reply.clinic.example', text: 'before the form' })
    await submitForm(service, { email: early })
    await settle(service)
    await comes(answerOf(early))
    await comes({ from: early, to: 'hello@reply.clinic.example', text: 'a hint' })
    const { lead } = await storyOf(service, early)
    await eraseLead(service.ctx, { email: early, actor: 'test' })
    const all = await service.ctx.db.select().from(replies)
    const events = await service.ctx.db
      .select()
      .from(providerEvents)
      .where(eq(providerEvents.provider, receivedEvents))
    const left = JSON.stringify([all, events.map(({ body }) => body?.toString())])
    for (const trace of [early, 'before the form', 'a hint']) expect(left).not.toContain(trace)
    expect(all.filter(({ leadId }) => leadId === lead.id)).toMatchObject([
      { sender: null, text: null, subject: null },
    ])
  })

  test('holds: what an erased lead writes is not kept, and a person is told', async () => {
    const answer = answerOf()
    await eraseLead(service.ctx, { email, actor: 'test' })
    await comes(answer)
    const event = await lastEvent()
    expect(event).toMatchObject({ status: 'parked', body: null, reason: expect.stringContaining('erased') })
    const { rows } = await service.ctx.db.execute(sql`select from replies where sender = ${email}`)
    expect(rows).toEqual([])
  })
})
