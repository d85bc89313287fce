import { asc } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { auditLog, replies } from '../../drizzle/schema/index.ts'
import { changeZone } from '../../src/actions/change-zone.ts'
import { exportLead } from '../../src/actions/export-lead.ts'
import { markBooked } from '../../src/actions/mark-booked.ts'
import { describeLead } from '../../src/actions/describe-lead.ts'
import { resumeLead } from '../../src/actions/resume-lead.ts'
import { settleDelivery } from '../../src/actions/settle-delivery.ts'
import { stopByStaff, suppressByStaff } from '../../src/actions/stop-by-staff.ts'
import { liftSuppression } from '../../src/actions/lift-suppression.ts'
import { insertReply } from '../../src/store/replies.ts'
import { submitForm } from '../support/forms.ts'
import { addressOf, createEngine, deadMailer, type Engine } from './engine.ts'
import { sendDispatch } from '../../src/actions/send-dispatch.ts'

let engine: Engine
let leadId: string
const actor = 'pat@clinic.example'

beforeEach(async () => {
  engine = await createEngine()
  await engine.enroll(1, { first_name: 'Quinn', message: 'my back' })
  leadId = (await engine.leads())[0]!.id
})
afterEach(() => engine.stop())

const steps = async () => (await engine.deliveries()).map(({ step, status }) => `${step} ${status}`)
const enrollment = async () => (await engine.enrollments())[0]!
const acts = async () =>
  (await engine.ctx.db.select().from(auditLog).orderBy(asc(auditLog.at), asc(auditLog.id))).map(
    ({ actor: who, action, subject }) => [who, action, subject],
  )

describe('a lead that staff stopped', () => {
  test('goes on where it stood, at the time it would have had, and who did what is on record', async () => {
    await engine.beat()
    const before = (await engine.deliveries())[1]!
    await stopByStaff(engine.ctx, { leadId, actor })
    expect(await steps()).toEqual(['lesson-1 sent', 'lesson-2 cancelled'])
    await resumeLead(engine.ctx, { leadId, actor })
    expect((await engine.deliveries())[1]).toMatchObject({
      status: 'waiting',
      dueAt: before.dueAt,
      reason: null,
    })
    expect(await enrollment()).toMatchObject({ status: 'active', stopReason: null, endedAt: null })
    expect(await acts()).toEqual([
      [actor, 'stop', leadId],
      [actor, 'resume', leadId],
    ])
  })

  test('is planned into a window when its time is over', async () => {
    await engine.beat()
    const [, second] = await engine.deliveries()
    await stopByStaff(engine.ctx, { leadId, actor })
    // A Sunday, long after.
    engine.clock.jumpTo(new Date('2026-06-07T15:00:00Z'))
    await resumeLead(engine.ctx, { leadId, actor })
    const revived = (await engine.deliveries())[1]!
    expect(revived.dueAt > engine.clock.now()).toBe(true)
    expect(revived.dueAt > second!.dueAt).toBe(true)
    expect(revived.dueAt.toISOString()).toBe('2026-06-08T12:00:00.000Z')
  })

  test('gets the step after the last one that went out, when it was stopped while one was under way', async () => {
    const [id] = await engine.seal()
    await sendDispatch({ ...engine.ctx, mailer: deadMailer() }, id!).catch(() => {})
    await stopByStaff(engine.ctx, { leadId, actor })
    await engine.endWaits()
    await engine.beat()
    expect(await steps()).toEqual(['lesson-1 sent'])
    await resumeLead(engine.ctx, { leadId, actor })
    expect(await steps()).toEqual(['lesson-1 sent', 'lesson-2 waiting'])
  })

  test('is held again by a mail that was in trouble before the stop, and is not over', async () => {
    engine.sandbox.plan({ kind: 'refuse-items', indexes: [0] })
    await engine.beat()
    expect(await steps()).toEqual(['lesson-1 failed'])
    await stopByStaff(engine.ctx, { leadId, actor })
    await resumeLead(engine.ctx, { leadId, actor })
    expect((await enrollment()).status).toBe('held')
    const deliveryId = (await engine.deliveries())[0]!.id
    await settleDelivery(engine.ctx, { deliveryId, choice: 'retry', actor })
    await engine.beat()
    expect(await steps()).toEqual(['lesson-1 sent', 'lesson-2 waiting'])
  })

  test('ends when its last mail is the one that went out', async () => {
    await engine.beat()
    await engine.ctx.db.execute(`update deliveries set step = 'lesson-7' where step = 'lesson-1'`)
    await engine.ctx.db.execute(`delete from deliveries where step = 'lesson-2'`)
    await stopByStaff(engine.ctx, { leadId, actor })
    await resumeLead(engine.ctx, { leadId, actor })
    expect((await enrollment()).status).toBe('finished')
  })

  test('cannot be resumed once it booked, or its address is suppressed, and is not twice', async () => {
    const resume = () => resumeLead(engine.ctx, { leadId, actor })
    await expect(resume()).rejects.toMatchObject({ code: 'conflict' })
    await stopByStaff(engine.ctx, { leadId, actor })
    await suppressByStaff(engine.ctx, { leadId, actor })
    await expect(resume()).rejects.toThrow('suppressed')
    await liftSuppression(engine.ctx, { email: addressOf(0), because: 'asked by phone', actor })
    await markBooked(engine.ctx, { leadId, actor })
    await expect(resume()).rejects.toThrow('booked')
    expect((await enrollment()).status).toBe('stopped')
  })

  test('cannot be resumed once it has replied; a forged reply is none', async () => {
    await stopByStaff(engine.ctx, { leadId, actor })
    const reply = (dmarc: string) =>
      insertReply(engine.ctx.db, {
        externalId: dmarc,
        leadId,
        deliveryId: null,
        matchedBy: 'address',
        hintLeadId: null,
        sender: addressOf(0),
        subject: 'Re',
        text: 'Thanks, no more please.',
        attachments: 0,
        messageId: null,
        dmarc,
        receivedAt: engine.clock.now(),
      })
    await reply('pass')
    await expect(resumeLead(engine.ctx, { leadId, actor })).rejects.toThrow('replied')
    await engine.ctx.db.delete(replies)
    await reply('fail')
    await resumeLead(engine.ctx, { leadId, actor })
    expect((await enrollment()).status).toBe('active')
  })

  test('one that unsubscribed by staff hand, or booked, was not stopped by staff', async () => {
    await suppressByStaff(engine.ctx, { leadId, actor })
    expect((await enrollment()).stopReason).toBe('suppressed')
    await liftSuppression(engine.ctx, { email: addressOf(0), because: 'asked by phone', actor })
    await expect(resumeLead(engine.ctx, { leadId, actor })).rejects.toThrow('Only what somebody')
  })
})

test('a suppressed address is not mailed, whichever form it comes back through', async () => {
  await suppressByStaff(engine.ctx, { leadId, actor })
  await submitForm(engine, { email: addressOf(0).toUpperCase() })
  await engine.beat()
  expect(engine.sandbox.emails()).toEqual([])
})

describe('another zone', () => {
  test('moves what waits to the same hour there, and keeps the day', async () => {
    await engine.beat()
    const [, before] = await engine.deliveries()
    await changeZone(engine.ctx, { leadId, timeZone: 'America/Los_Angeles', actor })
    const [, after] = await engine.deliveries()
    const hours = (after!.dueAt.getTime() - before!.dueAt.getTime()) / 3_600_000
    // Sent at 10:00 in New York, which is 07:00 there: the window opens at 08:00, 11:00 in New York.
    expect(hours).toBe(1)
    await changeZone(engine.ctx, { leadId, timeZone: 'America/New_York', actor })
    expect((await engine.deliveries())[1]).toEqual(before)
    expect((await acts()).map(([, action]) => action)).toEqual(['change-zone', 'change-zone'])
  })

  test('opens what is sealed, and it goes out in its window there', async () => {
    await engine.beat()
    await engine.jumpToDue()
    await engine.seal()
    await changeZone(engine.ctx, { leadId, timeZone: 'Asia/Tokyo', actor })
    await engine.beat()
    await engine.beat()
    expect(await steps()).toEqual(['lesson-1 sent', 'lesson-2 waiting'])
    expect(engine.sandbox.emails()).toHaveLength(1)
    const hour = Number(
      (await engine.deliveries())[1]!.dueAt.toLocaleString('en-GB', {
        timeZone: 'Asia/Tokyo',
        hour: '2-digit',
      }),
    )
    expect(hour).toBeGreaterThanOrEqual(8)
    expect(hour).toBeLessThan(20)
  })

  test('that nobody knows is refused, and nothing changes', async () => {
    const change = changeZone(engine.ctx, { leadId, timeZone: 'Mars/Olympus', actor })
    await expect(change).rejects.toMatchObject({ code: 'invalid', fields: [{ field: 'timeZone' }] })
    expect((await engine.leads())[0]!.timeZone).toBeNull()
  })
})

describe('a parked mail', () => {
  async function park(): Promise<string> {
    const [id] = await engine.seal()
    await sendDispatch({ ...engine.ctx, mailer: deadMailer() }, id!).catch(() => {})
    engine.clock.jumpTo(new Date(engine.clock.now().getTime() + 23 * 3_600_000))
    await stopReplays()
    await engine.endWaits()
    await engine.beat()
    expect(await steps()).toEqual(['lesson-1 parked'])
    return (await engine.deliveries())[0]!.id
  }
  /** Without its bytes it can't be sent again. */
  const stopReplays = () => engine.ctx.db.execute('update dispatches set body = null')

  test('that did arrive counts as sent, and the next step is planned', async () => {
    const deliveryId = await park()
    await settleDelivery(engine.ctx, { deliveryId, choice: 'sent', actor })
    expect(await steps()).toEqual(['lesson-1 sent', 'lesson-2 waiting'])
    expect((await enrollment()).status).toBe('active')
    expect(await acts()).toEqual([[actor, 'delivery-sent', deliveryId]])
    await expect(settleDelivery(engine.ctx, { deliveryId, choice: 'sent', actor })).rejects.toMatchObject({
      code: 'conflict',
    })
  })
})

describe('the file of a lead', () => {
  test('tells what happened, newest first, and what comes next', async () => {
    await engine.beat()
    await stopByStaff(engine.ctx, { leadId, actor })
    const { timeline, next, status, stopReason } = await describeLead(engine.ctx, leadId)
    expect([status, stopReason, next]).toEqual(['stopped', 'staff', []])
    expect(timeline.map(({ kind }) => kind).toSorted()).toEqual(
      ['capture', 'consent', 'enrolled', 'mail', 'mail', 'end', 'staff'].toSorted(),
    )
    expect(timeline.find(({ kind }) => kind === 'staff')).toMatchObject({ actor, action: 'stop' })
    await resumeLead(engine.ctx, { leadId, actor })
    expect((await describeLead(engine.ctx, leadId)).next).toMatchObject([
      { step: 'lesson-2', status: 'waiting' },
    ])
  })

  test('exported, it holds the form as it came and the mail as it went, and that is on record', async () => {
    await engine.beat()
    const all = await exportLead(engine.ctx, { leadId, actor })
    expect(all.lead.email).toBe(addressOf(0))
    expect(all.captures[0]!.body).toContain('my+back')
    expect(all.deliveries[0]!.mail).toMatchObject({ to: [addressOf(0)] })
    expect(await acts()).toEqual([[actor, 'export', leadId]])
  })
})
