import { randomUUID } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import { leads } from '../../drizzle/schema/index.ts'
import { currentSequence } from '../../src/actions/definitions.ts'
import { markBooked } from '../../src/actions/mark-booked.ts'
import { receiveEvent } from '../../src/actions/receive-event.ts'
import { sendDispatch } from '../../src/actions/send-dispatch.ts'
import { resumeSending } from '../../src/actions/resume-sending.ts'
import { settleDelivery } from '../../src/actions/settle-delivery.ts'
import { countMailsInTrouble } from '../../src/store/troubled-deliveries.ts'
import { findPause } from '../../src/store/pause.ts'
import { createEngine, deadMailer, type Engine, parkUnknown } from './engine.ts'

let engine: Engine
afterEach(() => engine?.stop())

async function report(
  deliveryId: string,
  type: string,
  extra: Record<string, unknown> = {},
  providerId = `provider-${deliveryId}`,
  event: { created_at?: string } = {},
): Promise<void> {
  await receiveEvent(engine.ctx, {
    provider: 'resend',
    eventId: `msg_${randomUUID()}`,
    body: Buffer.from(
      JSON.stringify({
        type: `email.${type}`,
        ...event,
        data: { email_id: providerId, tags: { delivery: deliveryId }, ...extra },
      }),
    ),
  })
}
const statuses = async () => (await engine.deliveries()).map(({ status }) => status)
const mailed = () => engine.sandbox.emails().flatMap(({ to }) => to)

describe('events', () => {
  test('that come before our own record are enough, and the record then changes nothing', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    const [id] = await engine.seal()
    const [one, two] = await engine.deliveries()
    const early = {
      ...engine.ctx,
      mailer: {
        ...engine.ctx.mailer,
        async sendBatch(key: string, body: Uint8Array) {
          const answer = await engine.ctx.mailer.sendBatch(key, body)
          await report(one!.id, 'delivered')
          await report(two!.id, 'sent')
          return answer
        },
      },
    }
    await sendDispatch(early, id!)
    expect(await statuses()).toEqual(['delivered', 'sent', 'waiting', 'waiting'])
    expect((await engine.dispatches())[0]!.status).toBe('accepted')
  })

  test('prove an envelope in doubt, also where our clock is ahead of the provider’s', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    const [id] = await engine.seal()
    await sendDispatch({ ...engine.ctx, mailer: deadMailer() }, id!).catch(() => {})
    const [one] = await engine.deliveries()
    const created_at = new Date(engine.clock.now().getTime() - 3_600_000).toISOString()
    await report(one!.id, 'delivered', { created_at }, undefined, { created_at })
    expect(await engine.dispatches()).toMatchObject([{ proven: true, dirty: false }])
  })

  test('in any order and any number end in the same place', async () => {
    engine = await createEngine()
    await engine.enroll(1)
    await engine.beat()
    const [delivery] = await engine.deliveries()
    for (const type of ['delivered', 'sent', 'delivered', 'opened', 'delivery_delayed', 'sent'])
      await report(delivery!.id, type)
    expect(await statuses()).toEqual(['delivered', 'waiting'])
  })

  test('of one member prove the whole envelope: it is asked for again although another was stopped', async () => {
    engine = await createEngine()
    await engine.enroll(3)
    const [id] = await engine.seal()
    engine.sandbox.plan({ kind: 'drop-after' })
    await sendDispatch(engine.ctx, id!)
    const [one, , three] = await engine.deliveries()
    const stored = await engine.leads()
    await markBooked(engine.ctx, { leadId: stored.find((lead) => lead.id === three!.leadId)!.id, actor: 'x' })
    engine.clock.jumpTo(new Date(engine.clock.now().getTime() + 3_600_000))
    await report(one!.id, 'sent')
    await engine.beat()
    expect((await engine.dispatches())[0]!.status).toBe('accepted')
    expect(mailed()).toHaveLength(3)
    expect(await statuses()).toEqual(['sent', 'sent', 'sent', 'waiting', 'waiting'])
  })

  test('of a mail that an earlier envelope brought keep it out of the next one', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    await engine.seal()
    const [one] = await engine.deliveries()
    // Nobody has attempted this envelope: what the event tells of came in another one.
    await report(one!.id, 'delivered')
    for (let round = 0; round < 3; round++) await engine.beat()
    expect(mailed()).toHaveLength(1)
    expect(mailed()).not.toContain((await engine.leads()).find(({ id }) => id === one!.leadId)!.email)
    expect((await statuses()).sort()).toEqual(['delivered', 'sent', 'waiting', 'waiting'])
  })

  test('take a parked delivery up again, and its enrollment runs on', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    const [id] = await engine.seal()
    await parkUnknown(engine, id!)
    expect(await statuses()).toEqual(['parked', 'parked'])
    const [one] = await engine.deliveries()
    await report(one!.id, 'delivered')
    expect((await statuses()).sort()).toEqual(['delivered', 'parked', 'waiting'])
    expect((await engine.enrollments()).map(({ status }) => status).sort()).toEqual(['active', 'held'])
  })

  test('of a mail that a person let go again keep it out of an envelope that was only rate-limited', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    const [id] = await engine.seal()
    await parkUnknown(engine, id!)
    const [one, two] = await engine.deliveries()
    for (const { id: deliveryId } of [one!, two!])
      await settleDelivery(engine.ctx, { deliveryId, choice: 'retry', actor: 'test' })
    engine.sandbox.plan({ kind: 'rate-limit' })
    await engine.beat()
    // The first envelope had got through after all.
    await report(one!.id, 'delivered')
    await engine.endWaits()
    for (let round = 0; round < 3; round++) await engine.beat()
    expect(mailed()).toHaveLength(1)
    expect(mailed()).not.toContain((await engine.leads()).find((lead) => lead.id === one!.leadId)!.email)
  })

  test('of a mail that a person let go again prove nothing of the envelope it went into then', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    const [id] = await engine.seal()
    const firstTry = engine.clock.now()
    await parkUnknown(engine, id!)
    const [one, two] = await engine.deliveries()
    for (const { id: deliveryId } of [one!, two!])
      await settleDelivery(engine.ctx, { deliveryId, choice: 'retry', actor: 'test' })
    const [second] = await engine.seal()
    await sendDispatch({ ...engine.ctx, mailer: deadMailer() }, second!).catch(() => {})
    // The first envelope had got through after all, and its event comes only now; the other lead books meanwhile.
    await markBooked(engine.ctx, { leadId: two!.leadId, actor: 'test' })
    await report(one!.id, 'delivered', { created_at: firstTry.toISOString() })
    engine.clock.jumpTo(new Date(engine.clock.now().getTime() + 3_600_000))
    await engine.endWaits()
    for (let round = 0; round < 3; round++) await engine.beat()
    // No call ever reached the provider: an attempt now would be the first, and after a stop.
    expect(engine.sandbox.attempts()).toEqual([])
    expect((await engine.deliveries()).map(({ status }) => status).sort()).toEqual([
      'delivered',
      'sealed',
      'waiting',
    ])
  })

  test('of a failure hold the enrollment, whatever becomes of the step after it', async () => {
    engine = await createEngine()
    await engine.enroll(1)
    await engine.beat()
    await engine.jumpToDue()
    const [id] = await engine.seal()
    const [one] = await engine.deliveries()
    const meanwhile = {
      ...engine.ctx,
      mailer: {
        ...engine.ctx.mailer,
        async sendBatch(key: string, body: Uint8Array) {
          await report(one!.id, 'failed', { failed: { reason: 'invalid_recipient' } })
          return engine.ctx.mailer.sendBatch(key, body)
        },
      },
    }
    await sendDispatch(meanwhile, id!)
    expect(await statuses()).toEqual(['failed', 'sent', 'parked'])
    expect((await engine.enrollments())[0]!.status).toBe('held')
    expect(await findPause(engine.ctx.db)).toBeNull()
    await settleDelivery(engine.ctx, { deliveryId: one!.id, choice: 'skip', actor: 'test' })
    expect((await statuses())[2]).toBe('waiting')
    expect((await engine.enrollments())[0]!.status).toBe('active')
  })

  test.each(['skip', 'retry'] as const)(
    'of a failure of the mail before the last end with the enrollment, once a person says %s',
    async (choice) => {
      engine = await createEngine()
      await engine.enroll(1)
      const last = (await currentSequence(engine.ctx, engine.ctx.db, 'back-spasms'))!.steps.length
      for (let step = 1; step < last; step++) {
        await engine.beat()
        await engine.jumpToDue()
      }
      const [id] = await engine.seal()
      const before = (await engine.deliveries()).at(-2)!
      const meanwhile = {
        ...engine.ctx,
        mailer: {
          ...engine.ctx.mailer,
          async sendBatch(key: string, body: Uint8Array) {
            await report(before.id, 'failed', { failed: { reason: 'invalid_recipient' } }, before.providerId!)
            return engine.ctx.mailer.sendBatch(key, body)
          },
        },
      }
      await sendDispatch(meanwhile, id!)
      expect((await statuses()).slice(-2)).toEqual(['failed', 'sent'])
      expect((await engine.enrollments())[0]!.status).toBe('held')
      await settleDelivery(engine.ctx, { deliveryId: before.id, choice, actor: 'test' })
      await engine.jumpToDue().catch(() => {})
      for (let beat = 0; beat < 3; beat++) {
        engine.clock.jumpTo(new Date(engine.clock.now().getTime() + 86_400_000))
        await engine.beat()
      }
      expect((await statuses()).slice(-2)).toEqual([choice === 'skip' ? 'cancelled' : 'sent', 'sent'])
      expect((await engine.enrollments())[0]!.status).toBe('finished')
      expect(mailed()).toHaveLength(choice === 'skip' ? last : last + 1)
      // A word that has been said is not asked for again.
      await report(before.id, 'failed', { failed: { reason: 'invalid_recipient' } }, before.providerId!)
      expect(await countMailsInTrouble(engine.ctx.db)).toBe(0)
    },
  )

  test('of a mail that a person gave up are no news of the one that takes its place', async () => {
    engine = await createEngine()
    await engine.enroll(1)
    await engine.beat()
    const { id: deliveryId, providerId } = (await engine.deliveries())[0]!
    const failed = { failed: { reason: 'reached_daily_quota' } }
    await report(deliveryId, 'failed', { failed: { reason: 'invalid_recipient' } }, providerId!)
    await settleDelivery(engine.ctx, { deliveryId, choice: 'retry', actor: 'test' })
    // What the provider says of the old one comes late, and in any order.
    await report(deliveryId, 'sent', {}, providerId!)
    await report(deliveryId, 'failed', failed, providerId!)
    expect((await statuses())[0]).toBe('waiting')
    await engine.beat()
    expect(mailed()).toHaveLength(2)
    await report(deliveryId, 'delivered', {}, (await engine.deliveries())[0]!.providerId!)
    await report(deliveryId, 'failed', failed, providerId!)
    expect((await statuses())[0]).toBe('delivered')
    expect(await findPause(engine.ctx.db)).toBeNull()
    // A complaint is of the person, whichever mail it came with.
    await report(deliveryId, 'complained', {}, providerId!)
    expect((await engine.enrollments())[0]!.stopReason).toBe('complained')
  })

  test('of a failure in an envelope that is still asked for leave the mail that takes its place alone', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    const [id] = await engine.seal()
    engine.sandbox.plan({ kind: 'drop-after' })
    await sendDispatch(engine.ctx, id!)
    const [one, two] = await engine.deliveries()
    const taken = engine.sandbox.emails().find(({ tags }) => tags.delivery === one!.id)!
    await report(one!.id, 'failed', { failed: { reason: 'invalid_recipient' } }, taken.id)
    await settleDelivery(engine.ctx, { deliveryId: one!.id, choice: 'retry', actor: 'test' })
    // The replay of the envelope only tells what it was: the mail that the person gave up.
    await engine.endWaits()
    await sendDispatch(engine.ctx, id!)
    expect((await engine.dispatches())[0]!.status).toBe('accepted')
    expect((await engine.deliveries()).find((each) => each.id === one!.id)!.status).toBe('waiting')
    for (let beat = 0; beat < 2; beat++) await engine.beat()
    const times = (deliveryId: string) =>
      engine.sandbox.emails().filter(({ tags }) => tags.delivery === deliveryId).length
    expect([times(one!.id), times(two!.id)]).toEqual([2, 1])
  })

  test('of a failure of the last mail are seen, although its enrollment has ended with it', async () => {
    engine = await createEngine()
    await engine.enroll(1)
    await engine.beat()
    const { id: deliveryId, providerId } = (await engine.deliveries())[0]!
    await engine.ctx.db.execute(sql`delete from deliveries where status = 'waiting'`)
    await engine.ctx.db.execute(sql`update enrollments set status = 'finished'`)
    await report(deliveryId, 'failed', { failed: { reason: 'invalid_recipient' } }, providerId!)
    expect(await countMailsInTrouble(engine.ctx.db)).toBe(1)
    const settle = (choice: 'retry' | 'skip') =>
      settleDelivery(engine.ctx, { deliveryId, choice, actor: 'test' })
    await expect(settle('retry')).rejects.toMatchObject({ code: 'conflict' })
    await settle('skip')
    expect(await countMailsInTrouble(engine.ctx.db)).toBe(0)
    expect(await statuses()).toEqual(['cancelled'])
    expect((await engine.enrollments())[0]!.status).toBe('finished')
  })

  test('of an arrival count although a person gave the mail up: it is not sent once more', async () => {
    engine = await createEngine()
    await engine.enroll(1)
    await engine.beat()
    const { id: deliveryId, providerId } = (await engine.deliveries())[0]!
    await report(deliveryId, 'failed', { failed: { reason: 'invalid_recipient' } }, providerId!)
    await settleDelivery(engine.ctx, { deliveryId, choice: 'retry', actor: 'test' })
    await report(deliveryId, 'delivered', {}, providerId!)
    await engine.beat()
    expect((await statuses())[0]).toBe('delivered')
    expect(mailed()).toHaveLength(1)
  })

  test('of a failure that a person knew of before its event came leave the mail that takes its place alone', async () => {
    engine = await createEngine()
    await engine.enroll(1)
    const [id] = await engine.seal()
    await parkUnknown(engine, id!)
    const { id: deliveryId } = (await engine.deliveries())[0]!
    await settleDelivery(engine.ctx, { deliveryId, choice: 'retry', actor: 'test' })
    await report(deliveryId, 'failed', { failed: { reason: 'invalid_recipient' } })
    await report(deliveryId, 'sent')
    await engine.beat()
    expect(mailed()).toHaveLength(1)
    expect((await statuses())[0]).toBe('sent')
  })

  test('of a failure for want of quota pause all sending until it resets', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    await engine.beat()
    const [one] = await engine.deliveries()
    await report(one!.id, 'failed', { failed: { reason: 'reached_daily_quota' } })
    expect((await statuses()).sort()).toEqual(['failed', 'parked', 'sent', 'waiting'])
    expect(await findPause(engine.ctx.db)).toMatchObject({
      reason: 'reached_daily_quota',
      until: expect.stringMatching(/T00:01:00\.000Z$/),
    })
  })

  test('of such a failure that come a day late, or after a person let mail go again, pause nothing', async () => {
    engine = await createEngine()
    await engine.enroll(3)
    await engine.beat()
    const [one, two, three] = await engine.deliveries()
    const now = engine.clock.now().getTime()
    const ago = (ms: number) => ({ created_at: new Date(now - ms).toISOString() })
    const daily = { failed: { reason: 'reached_daily_quota' } }
    const monthly = { failed: { reason: 'reached_monthly_quota' } }
    await report(one!.id, 'failed', daily, undefined, ago(25 * 3_600_000))
    expect(await findPause(engine.ctx.db)).toBeNull()
    await report(two!.id, 'failed', monthly, undefined, ago(60_000))
    expect(await findPause(engine.ctx.db)).toMatchObject({ until: null })
    await resumeSending(engine.ctx, { actor: 'test' })
    await report(three!.id, 'failed', monthly, undefined, ago(30_000))
    expect(await findPause(engine.ctx.db)).toBeNull()
  })

  test('that stop: complaint, permanent bounce and the provider’s own list suppress too, and one soft bounce does neither', async () => {
    engine = await createEngine()
    await engine.enroll(4)
    await engine.beat()
    const [a, b, c, d] = await engine.deliveries()
    await report(a!.id, 'complained')
    await report(b!.id, 'bounced', { bounce: { type: 'Permanent', subType: 'General' } })
    await report(c!.id, 'suppressed')
    await report(d!.id, 'bounced', { bounce: { type: 'Transient', subType: 'MailboxFull' } })
    const stopped = await engine.enrollments()
    expect(stopped.map(({ stopReason }) => stopReason)).toEqual(['complained', 'bounced', 'suppressed', null])
    const { rows } = await engine.ctx.db.execute(sql`select 1 from suppressions`)
    expect(rows).toHaveLength(3)
    expect((await statuses()).sort()).toEqual([
      'bounced',
      'bounced',
      'cancelled',
      'cancelled',
      'cancelled',
      'complained',
      'suppressed',
      'waiting',
    ])
  })

  test('about a plus-tagged twin stop every lead of that mailbox', async () => {
    engine = await createEngine()
    await engine.enroll(1, { email: 'pat@lead.example' })
    await engine.enroll(1, { email: 'other@lead.example' })
    // As two forms of verified sources leave them.
    await engine.ctx.db
      .update(leads)
      .set({
        email: 'pat+back@lead.example',
        emailKey: 'pat+back@lead.example',
        foldedKey: 'pat@lead.example',
      })
      .where(eq(leads.email, 'other@lead.example'))
    await engine.beat()
    const [one] = await engine.deliveries()
    await report(one!.id, 'complained')
    expect((await engine.enrollments()).map(({ status }) => status)).toEqual(['stopped', 'stopped'])
    engine.clock.jumpTo(new Date(engine.clock.now().getTime() + 3 * 86_400_000))
    await engine.beat()
    expect(mailed()).toHaveLength(2)
  })

  test('about many members at once, with stops among them, deadlock nobody for good', async () => {
    engine = await createEngine({ env: { DATABASE_POOL: '12' } })
    await engine.enroll(8)
    const [id] = await engine.seal()
    const rows = await engine.deliveries()
    await Promise.all([
      sendDispatch(engine.ctx, id!),
      ...rows.map(({ id: delivery }, index) => report(delivery, index % 2 ? 'complained' : 'delivered')),
      ...rows.map(({ leadId }) => markBooked(engine.ctx, { leadId, actor: 'test' })),
    ])
    expect((await engine.enrollments()).every(({ status }) => status === 'stopped')).toBe(true)
    expect((await statuses()).filter((status) => status === 'waiting')).toEqual([])
  })
})
