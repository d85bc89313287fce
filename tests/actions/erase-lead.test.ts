import { asc, sql } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import { bookings, captures, providerEvents } from '../../drizzle/schema/index.ts'
import { eraseLead } from '../../src/actions/erase-lead.ts'
import { receiveEvent } from '../../src/actions/receive-event.ts'
import { sendDispatch } from '../../src/actions/send-dispatch.ts'
import { addressOf, createEngine, deadMailer, type Engine } from './engine.ts'

let engine: Engine
afterEach(() => engine?.stop())

const erase = () => eraseLead(engine.ctx, { email: addressOf(0), actor: 'test' })

/** Tables in which the address still stands somewhere, bytes included. */
async function tablesWithAddress(): Promise<string[]> {
  const { rows } = await engine.ctx.db.execute<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = 'public'`,
  )
  const found: string[] = []
  for (const { name } of rows) {
    const all = await engine.ctx.db.execute<{ row: string }>(
      sql`select row_to_json(t)::text as row from ${sql.identifier(name)} t`,
    )
    const hex = Buffer.from(addressOf(0)).toString('hex')
    if (all.rows.some(({ row }) => row.includes(addressOf(0)) || row.includes(hex))) found.push(name)
  }
  return found.sort()
}

const event = (deliveryId: string, type: string) => ({
  provider: 'resend',
  eventId: `msg_${type}_${deliveryId}`,
  body: Buffer.from(
    JSON.stringify({
      type,
      data: { email_id: `provider-${deliveryId}`, to: [addressOf(0)], tags: { delivery: deliveryId } },
    }),
  ),
})

describe('erasure', () => {
  test('takes bytes that were parked before anybody knew whose they are', async () => {
    engine = await createEngine()
    await engine.enroll(1)
    const { rows } = await engine.ctx.db.execute<{ id: string }>(sql`select id from sources limit 1`)
    const own = [addressOf(0), encodeURIComponent(addressOf(0)), `%22${encodeURIComponent(addressOf(0))}%22`]
    const inJson = JSON.stringify({ note: `mine:\n${addressOf(0)}.` })
    const others = ['somebody@else.example', `my-${addressOf(0)}`, `${addressOf(0)}.au`]
    for (const email of [...own, inJson, ...others])
      await engine.ctx.db.insert(captures).values({
        status: 'parked',
        sourceId: rows[0]!.id,
        externalId: email,
        contentType: null,
        body: Buffer.from(`email=${email}`),
        receivedAt: engine.clock.now(),
      })
    await erase()
    const left = await engine.ctx.db.execute<{ body: Buffer }>(
      sql`select body from captures where status = 'parked' and body is not null`,
    )
    expect(left.rows.map(({ body }) => body.toString())).toEqual(others.map((email) => `email=${email}`))
  })

  test('takes parked bytes and events of nobody however they write the address, and leaves who only looks like it', async () => {
    engine = await createEngine()
    const email = "pat+o'home@lead.example"
    await engine.enroll(1, { email })
    const { rows } = await engine.ctx.db.execute<{ id: string }>(sql`select id from sources limit 1`)
    const own = [
      'email=PAT%2BO%27Home@Lead.example',
      'email=pat%2bo%27home%40lead.example&note=caf%c3%a9',
      'email=Pat%2Bo%27home%40LEAD.example',
      '{"email":"pat+o\\u0027Home\\u0040lead.example"}',
      `{"note":"\\u00e9 é\\nPAT+O'HOME@LEAD.EXAMPLE"}`,
      'email="Pat\\u002Bo\\u0027home@lead.example"\0',
    ]
    const others = [
      'email=Joe-pat%2Bo%27home@lead.example',
      'email=pat+o&home@lead.example',
      'é lead.example',
    ]
    for (const [index, text] of [...own, ...others].entries()) {
      const body = Buffer.from(text)
      await engine.ctx.db.insert(captures).values({
        status: 'parked',
        sourceId: rows[0]!.id,
        externalId: String(index),
        contentType: null,
        body,
        receivedAt: engine.clock.now(),
      })
      await engine.ctx.db.insert(providerEvents).values({
        provider: 'generic',
        eventId: String(index),
        body,
        status: 'parked',
        receivedAt: engine.clock.now(),
      })
    }
    await eraseLead(engine.ctx, { email, actor: 'test' })
    for (const table of [captures, providerEvents]) {
      const left = await engine.ctx.db.select({ body: table.body }).from(table).orderBy(asc(table.id))
      expect(left.flatMap(({ body }) => (body ? [body.toString()] : []))).toEqual(others)
    }
  })

  test('takes the sealed mail too, and the others of the envelope go out', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    const [id] = await engine.seal()
    await erase()
    expect(await tablesWithAddress()).toEqual([])
    await sendDispatch(engine.ctx, id!)
    await engine.beat()
    expect(engine.sandbox.emails().flatMap(({ to }) => to)).toEqual([addressOf(1)])
  })

  test('takes the bytes of an envelope whose attempt has no answer, and a later parking keeps none', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    const [id] = await engine.seal()
    await sendDispatch({ ...engine.ctx, mailer: deadMailer() }, id!).catch(() => {})
    expect((await engine.dispatches())[0]!.status).toBe('in-flight')
    await erase()
    expect(await tablesWithAddress()).toEqual([])
    engine.clock.jumpTo(new Date(engine.clock.now().getTime() + 23 * 3_600_000))
    await engine.endWaits()
    await engine.beat()
    expect((await engine.dispatches())[0]!.status).toBe('parked')
    expect(await tablesWithAddress()).toEqual([])
  })

  test('holds against the events that come after it', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    await engine.beat()
    const [delivery] = await engine.deliveries()
    await receiveEvent(engine.ctx, event(delivery!.id, 'email.sent'))
    await erase()
    await receiveEvent(engine.ctx, event(delivery!.id, 'email.delivered'))
    await receiveEvent(engine.ctx, event(delivery!.id, 'email.complained'))
    expect(await tablesWithAddress()).toEqual([])
  })

  test('does not lose a complaint that comes after it: the mailbox is suppressed, whoever fills in for it', async () => {
    engine = await createEngine()
    await engine.enroll(1)
    await engine.beat()
    const [delivery] = await engine.deliveries()
    await erase()
    await receiveEvent(engine.ctx, event(delivery!.id, 'email.complained'))
    await engine.enroll(1, { email: addressOf(0).replace('@', '+again@') })
    const { rows } = await engine.ctx.db.execute(sql`select outcome from captures order by id desc limit 1`)
    expect(rows).toEqual([{ outcome: 'suppressed' }])
  })

  test('takes the number too, of a booking that was nobody’s', async () => {
    engine = await createEngine()
    await engine.enroll(1, { phone: '+1 610 555 0112' })
    await engine.ctx.db.insert(bookings).values({
      tool: 'calendly',
      externalId: 'x',
      status: 'booked',
      stood: true,
      emailKey: 'at.work@lead.example',
      phone: '+16105550112',
      occurredAt: engine.clock.now(),
      bookedAt: engine.clock.now(),
      matchedAt: engine.clock.now(),
      createdAt: engine.clock.now(),
    })
    await erase()
    expect(await engine.ctx.db.select().from(bookings)).toMatchObject([{ emailKey: null, phone: null }])
  })
})
