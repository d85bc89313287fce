import { setTimeout as sleep } from 'node:timers/promises'
import { eq, sql } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import { alerts, dispatches } from '../../drizzle/schema/index.ts'
import { markBooked } from '../../src/actions/mark-booked.ts'
import { pause } from '../../src/actions/pause.ts'
import { runTick } from '../../src/actions/run-tick.ts'
import { sealDue } from '../../src/actions/seal-due.ts'
import { sendAlert } from '../../src/actions/send-alert.ts'
import { sendDispatch } from '../../src/actions/send-dispatch.ts'
import { createLinks } from '../../src/links.ts'
import type { Db } from '../../src/store/db.ts'
import { countUnattempted } from '../../src/store/dispatches.ts'
import { readHealth } from '../../src/store/health.ts'
import { resumeSending } from '../../src/store/pause.ts'
import { restSending } from '../../src/store/rest.ts'
import { addressOf, createEngine, deadMailer, type Engine } from './engine.ts'

let engine: Engine
afterEach(() => engine?.stop())

const minute = 60_000
const later = (minutes: number) =>
  engine.clock.jumpTo(new Date(engine.clock.now().getTime() + minutes * minute))
const book = async (index: number) =>
  markBooked(engine.ctx, { leadId: (await engine.leads())[index]!.id, actor: 'test' })
const mailed = () => engine.sandbox.emails().flatMap(({ to }) => to)

/** An attempt whose process dies before its answer is known. */
async function diesInFlight(id: string): Promise<void> {
  await sendDispatch({ ...engine.ctx, mailer: deadMailer() }, id).catch(() => {})
  await engine.endWaits()
}

describe('a first attempt', () => {
  test('is refused once its window has closed, even when it closes while the start is under way', async () => {
    engine = await createEngine()
    await engine.enroll(1)
    await engine.beat()
    await engine.jumpToDue()
    const [id] = await engine.seal()
    const [, { sendBy }] = (await engine.dispatches()) as [unknown, { sendBy: Date }]
    let reads = 0
    const clock = {
      kind: 'lapse' as const,
      // Judged in time; the database then took a minute to answer.
      now: () => (reads++ === 0 ? new Date(sendBy.getTime() - 1) : new Date(sendBy.getTime() + minute)),
    }
    await sendDispatch({ ...engine.ctx, clock }, id!)
    expect(mailed()).toHaveLength(1)
    engine.clock.jumpTo(new Date(sendBy.getTime() + minute))
    await engine.beat()
    expect(mailed()).toHaveLength(1)
    const [, delivery] = await engine.deliveries()
    expect(delivery).toMatchObject({ status: 'waiting', groupLimit: 100 })
    expect(delivery!.dueAt > sendBy).toBe(true)
  })

  test('is refused after a stop, and the others of the envelope go out', async () => {
    engine = await createEngine()
    await engine.enroll(3)
    const [id] = await engine.seal()
    await book(1)
    await sendDispatch(engine.ctx, id!)
    await engine.beat()
    expect(mailed().sort()).toEqual([addressOf(0), addressOf(2)])
    expect((await engine.deliveries()).map(({ status }) => status).sort()).toEqual([
      'cancelled',
      'sent',
      'sent',
      'waiting',
      'waiting',
    ])
  })

  test('is refused by a stop that commits after the envelope was judged', async () => {
    engine = await createEngine()
    await engine.enroll(1)
    const [id] = await engine.seal()
    let stopped = false
    const db = atStart(engine.ctx.db, async (start) => {
      stopped = true
      await book(0)
      return start()
    })
    await sendDispatch({ ...engine.ctx, db }, id!)
    expect(stopped).toBe(true)
    expect(mailed()).toEqual([])
  })

  test('is refused while sending is paused, and made once it is resumed', async () => {
    engine = await createEngine()
    await engine.enroll(1)
    const [id] = await engine.seal()
    await pause(engine.ctx, { reason: 'test', until: null })
    await sendDispatch(engine.ctx, id!)
    await engine.beat()
    expect(mailed()).toEqual([])
    expect((await engine.deliveries())[0]!.status).toBe('waiting')
    await resumeSending(engine.ctx.db)
    await engine.beat()
    expect(mailed()).toEqual([addressOf(0)])
  })

  test('is not made by a process that slept for longer than its lease allows', async () => {
    engine = await createEngine()
    await engine.enroll(1)
    const [id] = await engine.seal()
    // The attempt is written down, and the machine sleeps before the call.
    const asleep = (ms: number) =>
      atStart(engine.ctx.db, async (start) => {
        const rows = await start()
        await sleep(ms)
        return rows
      })
    const { config } = engine.ctx
    const sending = { ...config.sending, timeoutMs: 100, leaseMs: 300 }
    const sleepy = { ...engine.ctx, config: { ...config, sending }, db: asleep(400) }
    await sendDispatch(sleepy, id!)
    expect(engine.sandbox.attempts()).toHaveLength(0)
    expect(await engine.outcomes()).toEqual(['refused'])
    expect((await engine.deliveries())[0]!.status).toBe('waiting')

    // A replay that was not made proves nothing: the attempt before it stays in doubt, and the envelope closed.
    const [second] = await engine.seal()
    await diesInFlight(second!)
    await sendDispatch(sleepy, second!)
    expect(engine.sandbox.attempts()).toHaveLength(0)
    expect((await engine.dispatches()).at(-1)!.status).toBe('retrying')
    await engine.endWaits()
    await engine.beat()
    expect(mailed()).toEqual([addressOf(0)])
    expect(engine.sandbox.attempts()[0]!.idempotencyKey).toBe(second)
  })

  test('is made by one of many workers', async () => {
    engine = await createEngine()
    await engine.enroll(5)
    const [id] = await engine.seal()
    await Promise.all(Array.from({ length: 8 }, () => sendDispatch(engine.ctx, id!)))
    expect(engine.sandbox.attempts()).toHaveLength(1)
  })
})

/** A database in which the statement that starts an attempt is sent by `around`. */
function atStart(db: Db, around: (start: () => Promise<unknown>) => Promise<unknown>): Db {
  const query = (config: { name?: string }) => {
    const send = () => db.$client.query(config as never) as unknown as Promise<unknown>
    return config.name === 'start_attempt' ? around(send) : send()
  }
  const $client = new Proxy(db.$client, {
    get: (client, property) => (property === 'query' ? query : bound(client, property)),
  })
  return new Proxy(db, {
    get: (target, property) => (property === '$client' ? $client : bound(target, property)),
  })
}

function bound(target: object, property: string | symbol): unknown {
  const value = Reflect.get(target, property, target) as unknown
  return typeof value === 'function' ? value.bind(target) : value
}

describe('after an attempt without an outcome', () => {
  test('the same bytes go out whichever process has them at hand, under an address of any alphabet', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    const { appSecret, brand } = engine.ctx.config
    const publicUrl = 'https://Рука-bücher.example'
    engine.ctx.links = createLinks({ publicUrl, appSecret, bookingUrl: brand.bookingUrl, replyDomain: null })
    const [id] = await engine.seal()
    engine.sandbox.plan({ kind: 'drop-after', times: 1 })
    await sendDispatch(engine.ctx, id!)
    await engine.endWaits()
    await sendDispatch(engine.ctx, id!)
    const [first, second] = engine.sandbox.attempts()
    expect(second!.bodyHash).toBe(first!.bodyHash)
    expect(second!.error).toBeNull()
    expect((await engine.dispatches()).map(({ status }) => status)).toEqual(['accepted'])
  })

  test('the same bytes go out under the same key, once', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    const [id] = await engine.seal()
    engine.sandbox.plan({ kind: 'drop-after' })
    await sendDispatch(engine.ctx, id!)
    await engine.endWaits()
    const { brand } = engine.ctx.config
    engine.ctx.config.brand = { ...brand, clinicName: 'Renamed meanwhile' }
    await engine.beat()
    const attempts = engine.sandbox.attempts()
    expect(attempts).toHaveLength(2)
    expect(new Set(attempts.map(({ bodyHash }) => bodyHash)).size).toBe(1)
    expect(attempts[1]).toMatchObject({ replayed: true, outcome: 200 })
    expect(mailed()).toHaveLength(2)
    expect((await engine.dispatches())[0]!.status).toBe('accepted')
  })

  test('a refusal, a rate limit or a conflict opens nothing', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    const [id] = await engine.seal()
    engine.sandbox.plan({ kind: 'drop-after' })
    engine.sandbox.plan({ kind: 'rate-limit' })
    engine.sandbox.plan({ kind: 'error', status: 422, name: 'validation_error' })
    engine.sandbox.plan({ kind: 'error', status: 409, name: 'invalid_idempotent_request' })
    engine.sandbox.plan({ kind: 'error', status: 409, name: 'concurrent_idempotent_requests' })
    engine.sandbox.plan({ kind: 'html' })
    for (let attempt = 0; attempt < 7; attempt++) {
      await sendDispatch(engine.ctx, id!)
      await engine.endWaits()
    }
    expect(await engine.outcomes()).toEqual([
      'unknown',
      'rate-limited',
      'refused',
      'unknown',
      'unknown',
      'unknown',
      'accepted',
    ])
    expect(mailed()).toHaveLength(2)
    expect((await engine.dispatches()).map(({ status }) => status)).toEqual(['accepted'])
  })

  test('a stopped member ends the replays after a quarter of an hour, and 23 hours park it', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    const [id] = await engine.seal()
    await diesInFlight(id!)
    await book(0)
    later(16)
    await engine.beat()
    expect(engine.sandbox.attempts()).toHaveLength(0)
    later(23 * 60)
    await engine.endWaits()
    await engine.beat()
    expect((await engine.dispatches())[0]!.status).toBe('parked')
    expect((await engine.deliveries()).map(({ status }) => status)).toEqual(['parked', 'parked'])
    expect((await engine.enrollments()).map(({ status }) => status).sort()).toEqual(['held', 'stopped'])
  })

  test('an answer that was written down but not acted on is proof enough to ask for it again', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    const [id] = await engine.seal()
    await sendDispatch({ ...engine.ctx, mailer: answersThenDies(engine) }, id!).catch(() => {})
    // The process died between the two: the attempt is recorded, the dispatch is not.
    await engine.ctx.db.execute(sql`update attempts set outcome = 'accepted'`)
    await engine.endWaits()
    await book(0)
    later(60)
    await engine.beat()
    expect(mailed()).toHaveLength(2)
    expect((await engine.dispatches())[0]!.status).toBe('accepted')
  })

  test('it is closed, and nothing is asked again, as soon as events have told of every member', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    const [id] = await engine.seal()
    await diesInFlight(id!)
    await engine.ctx.db.execute(sql`update deliveries set status = 'delivered', accepted_at = now()`)
    later(1)
    await engine.beat()
    expect((await engine.dispatches())[0]).toMatchObject({ status: 'accepted', hasBody: true, fence: 1 })
  })

  test('its members are not parked once events have told of every one of them', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    const [id] = await engine.seal()
    await diesInFlight(id!)
    await engine.ctx.db.execute(sql`update deliveries set status = 'delivered', accepted_at = now()`)
    later(23 * 60)
    await engine.beat()
    expect((await engine.dispatches())[0]).toMatchObject({ status: 'accepted', hasBody: true })
  })
})

/** The provider takes the mail, and the process dies with the answer in its hands. */
function answersThenDies({ ctx }: Engine) {
  return {
    ...ctx.mailer,
    async sendBatch(key: string, body: Uint8Array): Promise<never> {
      await ctx.mailer.sendBatch(key, body)
      throw new Error('the process died')
    },
  }
}

describe('a rate limit', () => {
  test('is waited for, and nothing is sealed ahead of it meanwhile', async () => {
    engine = await createEngine({ env: { SEND_CONCURRENCY: '1' } })
    engine.sandbox.plan({ kind: 'rate-limit', times: 50, retryAfter: 3_600 })
    await engine.enroll(3)
    const { db } = engine.ctx
    await db.execute(sql`update deliveries set group_limit = 1`)
    for (let round = 0; round < 4; round++) await engine.beat()
    expect(await countUnattempted(db, engine.clock.now())).toEqual({ first: 3, others: 0, inDoubt: 0 })
    engine.sandbox.clearFaults()
    await engine.enroll(5)
    await sealDue(engine.ctx)
    expect((await engine.dispatches()).length).toBe(3)
    await engine.endWaits()
    for (let round = 0; round < 6; round++) await engine.beat()
    expect(new Set(mailed()).size).toBe(5)
    expect(mailed()).toHaveLength(5)
  })

  test('rests every dispatch, alert and tick of every worker for as long as the provider says', async () => {
    engine = await createEngine()
    await engine.enroll(4)
    await engine.ctx.db.execute(sql`update deliveries set group_limit = 1`)
    const ids = await engine.seal()
    engine.sandbox.plan({ kind: 'rate-limit', retryAfter: 60 })
    for (const id of ids) await sendDispatch(engine.ctx, id)
    const tick = await runTick(engine.ctx)
    expect([tick.dispatches, tick.alerts]).toEqual([[], []])
    const waiting = await engine.ctx.db.select().from(alerts)
    await sendAlert(engine.ctx, waiting[0]!.id)
    expect(engine.sandbox.attempts()).toHaveLength(1)
    const { restsUntil } = await readHealth(engine.ctx.db, engine.clock.now(), null)
    const ahead = Date.parse(restsUntil!) - Date.now()
    expect(ahead > 50_000 && ahead <= 60_000).toBe(true)
    // A shorter rest that another answer asks for does not cut it short.
    await restSending(engine.ctx.db, 5, engine.clock.now())
    expect((await readHealth(engine.ctx.db, engine.clock.now(), null)).restsUntil).toBe(restsUntil)
    await engine.endWaits()
    await engine.beat()
    expect(mailed()).toHaveLength(4)
  })

  test('never opens, but stops, windows and pauses still count: nothing was taken', async () => {
    engine = await createEngine()
    engine.sandbox.plan({ kind: 'rate-limit' })
    await engine.enroll(2)
    const [id] = await engine.seal()
    await sendDispatch(engine.ctx, id!)
    expect((await engine.dispatches())[0]!.status).toBe('retrying')
    await book(0)
    await engine.endWaits()
    await engine.beat()
    await engine.beat()
    expect(mailed()).toEqual([addressOf(1)])
  })
})

test('ticks of several processes at once seal each delivery once', async () => {
  engine = await createEngine()
  await engine.enroll(12)
  await engine.ctx.db.execute(sql`update deliveries set group_limit = 1`)
  await Promise.all(Array.from({ length: 6 }, () => runTick(engine.ctx)))
  const rows = await engine.ctx.db.select().from(dispatches).where(eq(dispatches.status, 'sealed'))
  const sealed = rows.flatMap(({ deliveryIds }) => deliveryIds)
  expect(sealed).toHaveLength(12)
  expect(new Set(sealed).size).toBe(12)
})

test('the memory of a body that may still be on its way serves no other envelope', async () => {
  engine = await createEngine()
  const { mailer } = engine.ctx
  const given: { bytes: Uint8Array; copy: Buffer; taken: boolean }[] = []
  engine.ctx.mailer = {
    ...mailer,
    async sendBatch(key, bytes) {
      const copy = Buffer.from(bytes)
      const result = await mailer.sendBatch(key, bytes)
      given.push({ bytes, copy, taken: result.outcome === 'accepted' })
      return result
    },
  }
  for (let number = 0; number < 14; number++) {
    if (number % 7 === 0) engine.sandbox.plan({ kind: 'drop-after', times: 1 })
    await engine.enroll(1, { email: `memory-${number}@lead.example`, first_name: 'x'.repeat(14 - number) })
    await engine.beat()
  }
  const lost = given.filter(({ taken }) => !taken)
  expect(lost).toHaveLength(2)
  for (const { bytes, copy } of lost) expect(copy.equals(bytes)).toBe(true)
  // Others did share, for there are more of them than is kept: else this would say nothing.
  const taken = given.filter((one) => one.taken)
  expect(new Set(taken.map(({ bytes }) => bytes.buffer)).size).toBeLessThan(taken.length)
})
