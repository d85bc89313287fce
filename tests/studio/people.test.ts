import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alerts, bookings, captures, providerEvents } from '../../drizzle/schema/index.ts'
import { pause } from '../../src/actions/pause.ts'
import { recordBooking } from '../../src/actions/record-booking.ts'
import { inTransaction } from '../../src/store/db.ts'
import { failDelivery } from '../../src/store/deliveries.ts'
import { insertReply } from '../../src/store/replies.ts'
import { settleEnrollments } from '../../src/store/enrollments.ts'
import { createEngine, type Engine } from '../actions/engine.ts'
import { expectProblem, mailsTo, personal, settle } from '../http/support.ts'
import { submitForm } from '../support/forms.ts'
import { type Member, newMember } from './support.ts'

let engine: Engine
let viewer: Member
let editor: Member
let admin: Member
let leadId: string

beforeAll(async () => {
  engine = await createEngine()
  ;[viewer, editor, admin] = [
    await newMember(engine, 'viewer'),
    await newMember(engine, 'editor'),
    await newMember(engine, 'admin'),
  ]
  const { email, first_name, last_name, phone, message } = personal
  await submitForm(engine, { email, first_name, last_name, phone, message })
  await engine.enroll(2)
  leadId = (await engine.leads())[0]!.id
  await engine.beat()
})
afterAll(() => engine?.stop())

/** What an answer says, parsed. */
async function ok(asked: Promise<Response>) {
  const answer = await asked
  const text = await answer.text()
  expect([answer.status, text]).toEqual([200, text])
  return JSON.parse(text)
}
const post = (who: Member, path: string, body?: unknown) => who.call('POST', path, body)
const get = (who: Member, path: string) => ok(who.call('GET', path))
const actsOn = async (subject: string) =>
  (
    await engine.ctx.db.execute<{ actor: string; action: string }>(
      sql`select actor, action from audit_log where subject = ${subject} order by at, id`,
    )
  ).rows

describe('a viewer', () => {
  test('sees who is there, and nothing by which to reach anybody', async () => {
    const seen = [
      JSON.stringify(await ok(post(viewer, '/leads/search', {}))),
      JSON.stringify(await get(viewer, `/leads/${leadId}`)),
      JSON.stringify(await get(viewer, '/upcoming')),
      JSON.stringify(await get(viewer, '/problems/mails')),
    ]
    for (const text of seen)
      for (const value of [personal.email, personal.last_name, personal.phone, personal.message])
        expect(text).not.toContain(value)
    expect(seen[0]).toContain('q•••@lead.example')
    expect(seen[0]).toContain('"lastName":"Z."')
  })

  test('cannot find out who is there by searching, nor read what came', async () => {
    await expectProblem(await post(viewer, '/leads/search', { text: 'quint' }), 403, 'forbidden')
  })

  test('sees a mail as it went, but not to whom', async () => {
    const [{ id: mail }] = (await get(editor, `/leads/${leadId}`)).timeline.filter(
      ({ kind }: { kind: string }) => kind === 'mail',
    )
    const asViewer = await get(viewer, `/leads/${leadId}/mails/${mail}`)
    expect(asViewer).toMatchObject({ copy: 'kept', to: 'q•••@lead.example' })
    expect((await get(editor, `/leads/${leadId}/mails/${mail}`)).to).toBe(personal.email)
    const page = await viewer.call('GET', `/leads/${leadId}/mails/${mail}/page`)
    expect(page.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/)
    expect(await page.text()).toContain('Quintessa')
  })
})

describe('an editor', () => {
  test('finds a lead by what is typed, and acts; who did what is on record', async () => {
    const { leads } = await ok(post(editor, '/leads/search', { text: 'zeller q' }))
    expect(leads).toMatchObject([{ id: leadId, email: personal.email, status: 'active' }])
    await ok(post(editor, `/leads/${leadId}/stop`))
    expect(await get(editor, `/leads/${leadId}`)).toMatchObject({ status: 'stopped', stopReason: 'staff' })
    await ok(post(editor, `/leads/${leadId}/resume`))
    await ok(post(editor, `/leads/${leadId}/zone`, { timeZone: 'America/Chicago' }))
    const view = await get(editor, `/leads/${leadId}`)
    expect(view).toMatchObject({ status: 'active', timeZone: 'America/Chicago' })
    expect(view.next).toMatchObject([{ step: 'lesson-2', status: 'waiting' }])
    expect(await actsOn(leadId)).toEqual(
      ['stop', 'resume', 'change-zone'].map((action) => ({ actor: `studio: ${editor.email}`, action })),
    )
  })

  test('may suppress, and only an admin lifts that, with a reason', async () => {
    const other = (await engine.leads())[1]!.id
    await ok(post(editor, `/leads/${other}/suppress`))
    expect((await get(editor, `/leads/${other}`)).suppressed).toMatchObject({ reason: 'staff' })
    await expectProblem(
      await post(editor, `/leads/${other}/lift`, { because: 'asked us to' }),
      403,
      'forbidden',
    )
    await expectProblem(await post(admin, `/leads/${other}/lift`, { because: 'x' }), 422, 'invalid')
    expect(await ok(post(admin, `/leads/${other}/lift`, { because: 'asked us by phone' }))).toEqual({
      reasons: ['staff'],
    })
  })

  test('downloads all that is stored on one person', async () => {
    const answer = await post(editor, `/leads/${leadId}/export`)
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="lead-${leadId}.json"`)
    const all = JSON.parse(await answer.text())
    expect(all.lead.email).toBe(personal.email)
    expect(all.captures[0].body).toContain('locked')
    expect(all.deliveries[0].mail.to).toEqual([personal.email])
  })
})

test('erasing takes an admin who types the address, and then nothing is left', async () => {
  const { id, email } = (await engine.leads())[2]!
  const erase = (who: Member, address: string) => post(who, `/leads/${id}/erase`, { address })
  await expectProblem(await erase(editor, email!), 403, 'forbidden')
  await expectProblem(await erase(admin, personal.email), 422, 'invalid')
  expect((await get(admin, `/leads/${id}`)).lead.email).toBe(email)
  await ok(erase(admin, ` ${email!.toUpperCase()} `))
  const left = await get(admin, `/leads/${id}`)
  expect(left).toMatchObject({
    status: 'stopped',
    stopReason: 'erased',
    lead: { email: null, firstName: null },
  })
  expect(JSON.stringify(left)).not.toContain(email)
})

describe('problems', () => {
  test('a form that was not understood is read, mapped and tried again', async () => {
    const source = await engine.addSource({ slug: 'odd', name: 'Odd' })
    await submitForm(
      engine,
      { contact: 'not an address', who: 'kim@lead.example', tel: '610 555 0188' },
      'odd',
    )
    const { captures: parked } = await get(viewer, '/problems/captures')
    expect(parked).toMatchObject([{ source: source.slug }])
    const { id } = parked[0]
    await expectProblem(await viewer.call('GET', `/problems/captures/${id}`), 403, 'forbidden')
    const body = await get(editor, `/problems/captures/${id}`)
    expect(body.text).toContain('who=•••@•••')
    expect(body.text).not.toContain('0188')
    expect(body.fields.map(({ key }: { key: string }) => key)).toContain('who')
    expect((await get(viewer, '/problems/counts')).captures).toBe(1)
    await ok(post(editor, '/problems/mapping', { source: 'odd', mapping: { email: 'who' } }))
    expect(await ok(post(editor, `/problems/captures/${id}/replay`))).toMatchObject({ status: 'mapped' })
    expect((await get(viewer, '/problems/counts')).captures).toBe(0)
    expect(await actsOn(id)).toEqual([{ actor: `studio: ${editor.email}`, action: 'replay-capture' }])
  })

  test('which field means what is asked of the form that was not understood, not of a newer one', async () => {
    await engine.addSource({ slug: 'changed', name: 'Changed' })
    await submitForm(engine, { contact: 'not an address', old_name: 'Kim' }, 'changed')
    const { captures: parked } = await get(viewer, '/problems/captures')
    await submitForm(engine, { email: 'newer@lead.example', new_name: 'Kim' }, 'changed')
    const { fields } = await get(editor, `/problems/captures/${parked[0].id}`)
    const keys = fields.map(({ key }: { key: string }) => key)
    expect(keys).toContain('old_name')
    expect(keys).not.toContain('new_name')
    await ok(post(editor, `/problems/captures/${parked[0].id}/aside`))
  })

  test('what nothing is to be made of is set aside, and stays stored', async () => {
    const { rows } = await engine.ctx.db.execute<{ id: string }>(sql`select id from sources limit 1`)
    const common = { body: Buffer.from('x'), receivedAt: engine.clock.now(), status: 'parked' as const }
    const [capture] = await engine.ctx.db
      .insert(captures)
      .values({ ...common, sourceId: rows[0]!.id, externalId: randomUUID(), contentType: null })
      .returning()
    const [event] = await engine.ctx.db
      .insert(providerEvents)
      .values({ ...common, provider: 'calendly', eventId: randomUUID() })
      .returning()
    expect(await get(viewer, '/problems/counts')).toMatchObject({ captures: 1, events: 1 })
    await ok(post(editor, `/problems/captures/${capture!.id}/aside`))
    await ok(post(editor, `/problems/events/${event!.id}/aside`))
    expect(await get(viewer, '/problems/counts')).toMatchObject({ captures: 0, events: 0 })
    await expectProblem(await post(editor, `/problems/captures/${capture!.id}/aside`), 404, 'not-found')
  })

  test('a booking that may be two people’s is given to one, whose mails follow it', async () => {
    const [booking] = await engine.ctx.db
      .insert(bookings)
      .values({
        tool: 'calendly',
        externalId: 'one',
        status: 'booked',
        doubt: 'two leads have this phone number',
        phone: personal.phone,
        occurredAt: engine.clock.now(),
        bookedAt: engine.clock.now(),
        createdAt: engine.clock.now(),
      })
      .returning()
    const [shown] = (await get(editor, '/problems/bookings')).bookings
    expect(shown).toMatchObject({ id: booking!.id, candidates: [{ id: leadId, isAssigned: false }] })
    expect(JSON.stringify(await get(viewer, '/problems/bookings'))).not.toContain(personal.phone)
    await ok(post(editor, `/problems/bookings/${booking!.id}/assign`, { leadId }))
    expect(await get(editor, `/leads/${leadId}`)).toMatchObject({ status: 'stopped', stopReason: 'booked' })
    expect((await get(viewer, '/problems/counts')).bookings).toBe(0)
  })

  test('a booking that is nobody’s leaves the list, and no form that comes later finds it', async () => {
    const phone = '+16105550123'
    const [booking] = await engine.ctx.db
      .insert(bookings)
      .values({
        tool: 'calendly',
        externalId: 'nobody',
        status: 'booked',
        doubt: 'two leads have this phone number',
        emailKey: 'stranger@lead.example',
        phone,
        occurredAt: engine.clock.now(),
        bookedAt: engine.clock.now(),
        createdAt: engine.clock.now(),
      })
      .returning()
    const path = `/problems/bookings/${booking!.id}/disown`
    await expectProblem(await post(viewer, path), 403, 'forbidden')
    await ok(post(editor, path))
    expect((await get(viewer, '/problems/counts')).bookings).toBe(0)
    expect((await get(editor, '/problems/bookings')).bookings).toEqual([])
    expect(await actsOn(booking!.id)).toEqual([
      { actor: `studio: ${editor.email}`, action: 'disown-booking' },
    ])
    await expectProblem(await post(editor, path), 409, 'conflict')
    await submitForm(engine, { email: 'stranger@lead.example', first_name: 'Sam', phone })
    const late = (await engine.leads()).find(({ email }) => email === 'stranger@lead.example')!
    expect(await get(editor, `/leads/${late.id}`)).toMatchObject({ status: 'active', stopReason: null })
    // The tool's next word on it is no reason to doubt anew.
    await inTransaction(engine.ctx.db, (tx) =>
      recordBooking(engine.ctx, tx, {
        tool: 'calendly',
        booking: {
          kind: 'rescheduled',
          externalId: 'nobody',
          eventId: randomUUID(),
          token: null,
          email: 'stranger@lead.example',
          phone,
          startsAt: null,
          endsAt: null,
          occurredAt: engine.clock.now().toISOString(),
        },
      }),
    )
    const [after] = await engine.ctx.db.select().from(bookings).where(eq(bookings.id, booking!.id))
    expect(after).toMatchObject({ leadId: null, doubt: null, emailKey: null, phone: null })
    expect(await get(editor, `/leads/${late.id}`)).toMatchObject({ status: 'active' })
  })

  test('a reply stands there until it is answered, and only for who answers', async () => {
    const replyId = await insertReply(engine.ctx.db, {
      externalId: 'reply-1',
      leadId,
      deliveryId: null,
      matchedBy: null,
      hintLeadId: null,
      sender: personal.email,
      subject: 'Re: hello',
      text: 'May I call?',
      attachments: 0,
      messageId: null,
      dmarc: null,
      receivedAt: engine.clock.now(),
    })
    await expectProblem(await viewer.call('GET', '/problems/replies'), 403, 'forbidden')
    expect((await get(viewer, '/problems/counts')).replies).toBe(1)
    expect((await get(editor, '/problems/replies')).replies).toMatchObject([
      { id: replyId, leadId, text: 'May I call?' },
    ])
    expect(JSON.stringify(await get(viewer, `/leads/${leadId}`))).not.toContain('May I call')
    await ok(post(editor, `/problems/replies/${replyId}/answered`))
    expect((await get(viewer, '/problems/counts')).replies).toBe(0)
  })

  test('a mail in trouble stands with what is known, until somebody decides', async () => {
    const lead = (await engine.leads())[1]!
    await submitForm(engine, { email: 'later@lead.example' })
    const delivery = (await engine.deliveries()).findLast(({ status }) => status === 'waiting')!
    await failDelivery(engine.ctx.db, delivery.id, 'failed', 'refused by the provider')
    await settleEnrollments(engine.ctx.db, [delivery.enrollmentId], 'held', engine.clock.now())
    expect(lead.id).not.toBe(delivery.leadId)
    const { mails } = await get(editor, '/problems/mails')
    expect(mails).toMatchObject([{ id: delivery.id, reason: 'refused by the provider', attempts: [] }])
    const decide = (choice: string) => post(editor, `/problems/mails/${delivery.id}/settle`, { choice })
    await expectProblem(await decide('sent'), 409, 'conflict')
    await expectProblem(await decide('nonsense'), 422, 'invalid')
    await ok(decide('retry'))
    expect((await get(viewer, '/problems/counts')).mails).toBe(0)
    expect(await actsOn(delivery.id)).toEqual([
      { actor: `studio: ${editor.email}`, action: 'delivery-retry' },
    ])
  })

  test('a pause and an alert that nobody got are there, and sending is resumed', async () => {
    await pause(engine.ctx, { reason: 'the account is blocked', until: null })
    await engine.ctx.db.insert(alerts).values({
      kind: 'fresh-lead',
      status: 'failed',
      dueAt: engine.clock.now(),
      nextAttemptAt: new Date(),
      createdAt: engine.clock.now(),
    })
    expect((await get(viewer, '/problems/counts')).service).toBe(2)
    expect(await get(viewer, '/problems/service')).toMatchObject({
      pause: { reason: 'the account is blocked' },
      failedAlertList: [{ kind: 'fresh-lead' }],
    })
    expect(await ok(post(editor, '/sequences/resume'))).toEqual({ ended: true })
    expect(await actsOn('sending')).toEqual([{ actor: `studio: ${editor.email}`, action: 'resume' }])
  })

  test('an alert that was given up is tried again, and a digest with all that it tells', async () => {
    const failed = { status: 'failed', attempts: 20, dueAt: engine.clock.now() } as const
    const [digest] = await engine.ctx.db
      .insert(alerts)
      .values({ ...failed, kind: 'digest', nextAttemptAt: new Date(), createdAt: engine.clock.now() })
      .returning()
    const [told] = await engine.ctx.db
      .insert(alerts)
      .values({
        ...failed,
        kind: 'fresh-lead',
        captureId: (await engine.ctx.db.select({ id: captures.id }).from(captures).limit(1))[0]!.id,
        digestId: digest!.id,
        nextAttemptAt: new Date(),
        createdAt: engine.clock.now(),
      })
      .returning()
    const { failedAlertList } = await get(viewer, '/problems/service')
    expect(failedAlertList.map(({ id }: { id: string }) => id)).toContain(digest!.id)
    expect(JSON.stringify(failedAlertList)).not.toContain(told!.id)
    expect((await get(viewer, '/status')).failedAlerts).toBe(failedAlertList.length)
    const retry = (who: Member, id: string) => post(who, `/problems/service/alerts/${id}/retry`)
    await expectProblem(await retry(viewer, digest!.id), 403, 'forbidden')
    await expectProblem(await retry(editor, told!.id), 404, 'not-found')
    await ok(retry(editor, digest!.id))
    await expectProblem(await retry(editor, digest!.id), 404, 'not-found')
    expect(await actsOn(digest!.id)).toEqual([{ actor: `studio: ${editor.email}`, action: 'retry-alert' }])
    await settle(engine)
    const rows = await engine.ctx.db.select().from(alerts)
    const statusOf = (id: string) => rows.find((row) => row.id === id)!.status
    expect([statusOf(digest!.id), statusOf(told!.id)]).toEqual(['sent', 'sent'])
    expect(mailsTo(engine, 'front-desk').at(-1)!.subject).toMatch(/lead/i)
    for (const { id } of failedAlertList) if (id !== digest!.id) await ok(retry(editor, id))
    expect((await get(viewer, '/problems/counts')).service).toBe(0)
  })
})

test('upcoming mails come a page after the other, soonest first', async () => {
  const { mails, total, more } = await get(editor, '/upcoming')
  expect([mails.length, more]).toEqual([total, false])
  expect(total).toBeGreaterThan(0)
  const due = mails.map(({ dueAt }: { dueAt: string }) => dueAt)
  expect(due).toEqual(due.toSorted())
  const [first] = mails
  const rest = await get(editor, `/upcoming?afterDue=${first.dueAt}&afterId=${first.id}`)
  expect(rest.mails).toEqual(mails.slice(1))
  await expectProblem(await editor.call('GET', '/upcoming?days=1000'), 422, 'invalid')
})
