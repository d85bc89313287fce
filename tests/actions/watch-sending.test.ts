import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { alerts, captures, providerEvents } from '../../drizzle/schema/index.ts'
import { alertMails } from '../../src/actions/alert-mails/index.ts'
import { sendAlert } from '../../src/actions/send-alert.ts'
import { settleDelivery } from '../../src/actions/settle-delivery.ts'
import { watchSending } from '../../src/actions/watch-sending.ts'
import { submitForm } from '../support/forms.ts'
import { createEngine, type Engine } from './engine.ts'

let engine: Engine
beforeEach(async () => {
  engine = await createEngine()
})
afterEach(() => engine.stop())

/** The alerts of this kind, each as the mail it is by now. */
async function told(kind: 'mails-in-trouble' | 'parked' | 'sending-unclear') {
  const rows = (await engine.ctx.db.select().from(alerts)).filter((row) => row.kind === kind)
  return Promise.all(rows.map((row) => alertMails[kind](engine.ctx, row)))
}
/** Looks as if the ten minutes between two looks were over. */
async function look(): Promise<void> {
  await engine.ctx.db.execute(sql`delete from settings where key = 'watch-sending'`)
  await watchSending(engine.ctx)
}
const later = (minutes: number) =>
  engine.clock.jumpTo(new Date(engine.clock.now().getTime() + minutes * 60_000))

test('mails that wait for a person are told of once a day, until somebody has had a word on them', async () => {
  engine.sandbox.plan({ kind: 'refuse-items', indexes: [0] })
  await engine.enroll(1)
  await engine.beat()
  await look()
  await look()
  expect(await told('mails-in-trouble')).toMatchObject([{ subject: 'A mail to a lead waits for you' }])
  later(24 * 60)
  await look()
  expect(await told('mails-in-trouble')).toHaveLength(2)
  const [failed] = await engine.deliveries()
  await settleDelivery(engine.ctx, { deliveryId: failed!.id, choice: 'skip', actor: 'test' })
  expect(await told('mails-in-trouble')).toEqual([null, null])
})

test('a second trouble of a day is told of, when the first was settled before its alert went out', async () => {
  engine.sandbox.plan({ kind: 'refuse-items', indexes: [0] })
  await engine.enroll(1)
  await engine.beat()
  await look()
  const [failed] = await engine.deliveries()
  await settleDelivery(engine.ctx, { deliveryId: failed!.id, choice: 'skip', actor: 'test' })
  const alertOf = async () =>
    (await engine.ctx.db.select().from(alerts)).find(({ kind }) => kind === 'mails-in-trouble')!
  await sendAlert(engine.ctx, (await alertOf()).id)
  expect((await alertOf()).status).toBe('dropped')
  engine.sandbox.plan({ kind: 'refuse-items', indexes: [0] })
  await engine.enroll(1, { email: 'another@lead.example' })
  await engine.beat()
  await look()
  await sendAlert(engine.ctx, (await alertOf()).id)
  expect((await alertOf()).status).toBe('sent')
  await look()
  expect((await alertOf()).status).toBe('sent')
})

test('what came in and could not be understood is told of after an hour, once a day, until somebody has seen to it', async () => {
  const { db } = engine.ctx
  await submitForm(engine, { Kontakt: 'pat@lead.example' })
  expect(await db.select().from(captures)).toMatchObject([{ status: 'parked' }])
  later(59)
  await look()
  expect(await told('parked')).toEqual([])
  later(2)
  await look()
  await look()
  const mail = {
    subject: 'What came in could not be understood: forms',
    text: expect.stringContaining(': 1\n'),
  }
  expect(await told('parked')).toMatchObject([mail])
  expect(JSON.stringify(await told('parked'))).not.toContain('pat@')
  await db.update(captures).set({ status: 'ignored' })
  expect(await told('parked')).toEqual([null])

  const body = Buffer.from('{}')
  const news = { provider: 'calendly', eventId: 'one', body, status: 'parked' } as const
  await db.insert(providerEvents).values({ id: randomUUID(), ...news, receivedAt: engine.clock.now() })
  later(24 * 60)
  await look()
  const subject = 'What came in could not be understood: bookings or other news'
  expect(await told('parked')).toMatchObject([{ subject }, { subject }])
})

test('a provider that gives no clear answer is told of, and is none any more once something was taken', async () => {
  engine.sandbox.plan({ kind: 'error', status: 502, times: 100 })
  await engine.enroll(1)
  await engine.beat()
  await look()
  expect(await told('sending-unclear')).toEqual([])
  later(14)
  await engine.endWaits()
  await engine.beat()
  later(2)
  await look()
  await look()
  expect(await told('sending-unclear')).toMatchObject([
    { subject: expect.stringContaining('no clear answer') },
  ])
  engine.sandbox.clearFaults()
  await engine.endWaits()
  await engine.beat()
  expect(engine.sandbox.emails()).toHaveLength(1)
  expect(await told('sending-unclear')).toEqual([null])
})

test('one envelope in doubt is no outage while others are taken', async () => {
  engine.sandbox.plan({ kind: 'error', status: 502 })
  await engine.enroll(1)
  await engine.beat()
  later(16)
  await engine.enroll(1, { email: 'another@lead.example' })
  await engine.beat()
  await look()
  expect(engine.sandbox.emails()).toHaveLength(1)
  expect(await told('sending-unclear')).toEqual([])
})
