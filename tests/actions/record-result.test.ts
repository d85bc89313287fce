import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import { pause } from '../../src/actions/pause.ts'
import { pauseByHand } from '../../src/actions/pause-by-hand.ts'
import { sendDispatch } from '../../src/actions/send-dispatch.ts'
import type { AttemptOutcome } from '../../src/core/dispatch.ts'
import type { Mailer, SendResult } from '../../src/mail/mailer.ts'
import type { Fault } from '../../src/mail/sandbox/fault.ts'
import { inTransaction } from '../../src/store/db.ts'
import { countRefusals, excuseRefusals } from '../../src/store/refusals.ts'
import { findPause, pauseSending, readPause, resumeSending } from '../../src/store/pause.ts'
import { isResting } from '../../src/store/rest.ts'
import { packEnvelope } from '../../src/store/envelope-codec.ts'
import { addressOf, createEngine, type Engine } from './engine.ts'

let engine: Engine
afterEach(() => engine?.stop())

const error = (status: number, name?: string): Fault => ({ kind: 'error', status, ...(name && { name }) })
const mailed = () => engine.sandbox.emails().flatMap(({ to }) => to)
const statuses = async () => (await engine.deliveries()).map(({ status }) => status)

/** Sends one envelope of `size` leads into the faults and goes on until nothing moves any more. */
async function run(size: number, faults: Fault[], beats = 1): Promise<void> {
  engine = await createEngine()
  for (const fault of faults) engine.sandbox.plan(fault)
  await engine.enroll(size)
  for (let beat = 0; beat < beats; beat++) {
    await engine.beat()
    await engine.endWaits()
  }
}

/** Every documented answer of the provider, to an envelope of two: what it counts as, and whether sending pauses. */
const answers: [what: string, fault: Fault, outcome: AttemptOutcome, pauses: boolean][] = [
  ['400 invalid_idempotency_key', error(400, 'invalid_idempotency_key'), 'refused', false],
  ['400 validation_error', error(400, 'validation_error'), 'refused', false],
  ['401 missing_api_key', error(401, 'missing_api_key'), 'refused', true],
  ['401 restricted_api_key', error(401, 'restricted_api_key'), 'refused', true],
  ['401 invalid_api_key', error(401, 'invalid_api_key'), 'refused', true],
  ['403 invalid_api_key', error(403, 'invalid_api_key'), 'refused', true],
  ['403 restricted_api_key', error(403, 'restricted_api_key'), 'refused', true],
  ['403 suspended_api_key', error(403, 'suspended_api_key'), 'refused', true],
  ['403 invalid_permission', error(403, 'invalid_permission'), 'refused', true],
  ['403 validation_error', error(403, 'validation_error'), 'refused', true],
  [
    '403 email_above_quota, which is about mail that came in',
    error(403, 'email_above_quota'),
    'unknown',
    true,
  ],
  ['403 of a name nobody knows', error(403, 'brand_new_name'), 'unknown', true],
  ['400 security_error, whose status is not documented', error(400, 'security_error'), 'refused', true],
  ['404 not_found: the address is wrong, not the mail', error(404, 'not_found'), 'refused', true],
  ['405 method_not_allowed', error(405, 'method_not_allowed'), 'refused', true],
  ['422 invalid_from_address: every mail has the same', error(422, 'invalid_from_address'), 'refused', true],
  ['422 invalid_access', error(422, 'invalid_access'), 'refused', true],
  ['422 invalid_region', error(422, 'invalid_region'), 'refused', true],
  ['408', error(408, 'request_timeout'), 'unknown', false],
  ['408 with a name of a refusal', error(408, 'validation_error'), 'unknown', false],
  ['409 invalid_idempotent_request', error(409, 'invalid_idempotent_request'), 'unknown', false],
  ['409 concurrent_idempotent_requests', error(409, 'concurrent_idempotent_requests'), 'unknown', false],
  ['409 resource_locked', error(409, 'resource_locked'), 'unknown', false],
  ['409 with a name of a refusal', error(409, 'validation_error'), 'unknown', false],
  ['418 of a name nobody knows', error(418, 'brand_new_name'), 'unknown', false],
  ['422 missing_required_field', error(422, 'missing_required_field'), 'refused', false],
  ['422 missing_required_parameter', error(422, 'missing_required_parameter'), 'refused', false],
  ['422 invalid_parameter', error(422, 'invalid_parameter'), 'refused', false],
  ['422 invalid_attachment', error(422, 'invalid_attachment'), 'refused', false],
  ['422 validation_error', error(422, 'validation_error'), 'refused', false],
  ['425', error(425, 'too_early'), 'unknown', false],
  ['425 with a name of a refusal', error(425, 'invalid_parameter'), 'unknown', false],
  ['429 of a name nobody knows', error(429, 'brand_new_quota'), 'unknown', false],
  ['429 with a name of a refusal', error(429, 'validation_error'), 'unknown', false],
  ['429 rate_limit_exceeded', { kind: 'rate-limit' }, 'rate-limited', false],
  ['429 daily_quota_exceeded', { kind: 'daily-quota' }, 'refused', true],
  ['429 monthly_quota_exceeded', { kind: 'monthly-quota' }, 'refused', true],
  ['429 from a proxy', { kind: 'html', status: 429 }, 'unknown', false],
  ['500 application_error', error(500, 'application_error'), 'unknown', false],
  ['500 internal_server_error', error(500, 'internal_server_error'), 'unknown', false],
  ['500 with a name of a refusal', error(500, 'validation_error'), 'unknown', false],
  ['503 service_unavailable', error(503, 'service_unavailable'), 'unknown', false],
  ['502 with a proxy’s page', { kind: 'html' }, 'unknown', false],
  ['500 whose body is null', { kind: 'null-body' }, 'unknown', false],
  ['a connection that ends before', { kind: 'drop-before' }, 'unknown', false],
  ['a connection that ends after', { kind: 'drop-after' }, 'unknown', false],
]

describe('each answer of the provider', () => {
  test.each(answers)('%s counts as what it is, and loses nobody', async (_what, fault, outcome, pauses) => {
    await run(2, [fault])
    expect(await engine.outcomes()).toEqual([outcome])
    expect((await findPause(engine.ctx.db)) !== null).toBe(pauses)
    const [dispatch] = await engine.dispatches()
    expect(dispatch!.status).toBe(outcome === 'refused' ? 'opened' : 'retrying')
    await resumeSending(engine.ctx.db)
    await engine.endWaits()
    for (let beat = 0; beat < 3; beat++) await engine.beat()
    expect(mailed().sort()).toEqual([addressOf(0), addressOf(1)])
    expect((await statuses()).sort()).toEqual(['sent', 'sent', 'waiting', 'waiting'])
  })

  test('trouble of the account loses and fails nobody, however often it comes', async () => {
    await run(12, [{ kind: 'error', status: 401, name: 'invalid_api_key', times: 3 }])
    for (let round = 0; round < 4; round++) {
      await resumeSending(engine.ctx.db)
      await engine.beat()
    }
    expect(new Set(mailed()).size).toBe(12)
    expect(engine.sandbox.attempts().at(-1)).toMatchObject({ items: 12, outcome: 200 })
  })

  test('a daily quota pauses until a minute past the next midnight in UTC and says so', async () => {
    await run(1, [{ kind: 'daily-quota' }])
    const daily = (await findPause(engine.ctx.db))!
    expect(daily.reason).toBe('daily_quota_exceeded')
    expect(daily.until).toMatch(/T00:01:00\.000Z$/)
    const ahead = Date.parse(daily.until!) - Date.now()
    expect(ahead > 0 && ahead <= 86_400_000).toBe(true)
  })

  test('a pause with an end gives way to trouble without one, which alerts again and does not end by itself', async () => {
    await run(1, [{ kind: 'daily-quota' }])
    const { until } = (await findPause(engine.ctx.db))!
    await pause(engine.ctx, { reason: 'reached_daily_quota', until })
    await pause(engine.ctx, { reason: 'invalid_api_key', until: null })
    await pause(engine.ctx, { reason: 'daily_quota_exceeded', until })
    expect(await findPause(engine.ctx.db)).toEqual({ reason: 'invalid_api_key', until: null })
    const { rows } = await engine.ctx.db.execute<{ reason: string }>(
      sql`select reason from alerts where kind = 'sending-paused' order by id`,
    )
    expect(rows.map(({ reason }) => reason)).toEqual([
      `daily_quota_exceeded, until ${until}`,
      'invalid_api_key',
    ])
    await expect(pauseByHand(engine.ctx, { reason: 'x', actor: 'test' })).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  test('a person may pause while a pause with an end runs, and theirs does not end with it', async () => {
    await run(1, [{ kind: 'daily-quota' }])
    await pauseByHand(engine.ctx, { reason: 'the office is closed', actor: 'test' })
    expect(await readPause(engine.ctx.db)).toMatchObject({
      reason: 'paused by hand',
      until: null,
      note: { why: 'the office is closed' },
    })
  })

  test.each<[string, Fault, boolean]>([
    ['a 429 of a name nobody knows', error(429, 'brand_new_limit'), true],
    ['a 503 that says how long', { ...error(503, 'busy'), retryAfter: 7 } as Fault, true],
    ['a 503 that does not', error(503, 'busy'), false],
  ])('%s lets all sending rest as it asks', async (_what, fault, rests) => {
    engine = await createEngine()
    engine.sandbox.plan(fault)
    await engine.enroll(1)
    await engine.beat()
    expect(await engine.outcomes()).toEqual(['unknown'])
    expect(await isResting(engine.ctx.db)).toBe(rests)
  })

  test('a wait of years is not believed', async () => {
    engine = await createEngine()
    engine.sandbox.plan({ kind: 'rate-limit', retryAfter: 999_999_999_999 })
    await engine.enroll(1)
    const [id] = await engine.seal()
    await sendDispatch(engine.ctx, id!)
    const [dispatch] = await engine.dispatches()
    expect(dispatch!.status).toBe('retrying')
    expect(dispatch!.nextAttemptAt!.getTime() - Date.now()).toBeLessThan(2 * 3_600_000)
  })
})

describe('a refusal of content', () => {
  test('looks for the culprit by tens and then alone, and fails that one only', async () => {
    engine = await createEngine()
    engine.sandbox.plan({
      kind: 'error',
      status: 422,
      name: 'validation_error',
      match: addressOf(7),
      times: 50,
    })
    await engine.enroll(12)
    for (let beat = 0; beat < 5; beat++) await engine.beat()
    expect(mailed()).toHaveLength(11)
    expect(new Set(mailed()).size).toBe(11)
    const failed = (await engine.deliveries()).filter(({ status }) => status === 'failed')
    expect(failed).toMatchObject([{ reason: 'refused by the provider: validation_error' }])
    expect((await engine.enrollments()).filter(({ status }) => status === 'held')).toHaveLength(1)
    const attempts = engine.sandbox.attempts().length
    for (let beat = 0; beat < 3; beat++) await engine.beat()
    expect(engine.sandbox.attempts()).toHaveLength(attempts)
  })

  test('of one item in a permissive batch fails it and no other', async () => {
    await run(5, [{ kind: 'refuse-items', indexes: [2], message: 'Invalid `to` field.' }], 2)
    expect(mailed()).toHaveLength(4)
    expect((await statuses()).filter((status) => status === 'failed')).toHaveLength(1)
    const [dispatch] = await engine.dispatches()
    const third = (await engine.deliveries()).find(({ id }) => id === dispatch!.deliveryIds[2])
    expect(third!.status).toBe('failed')
  })

  test('of many items at once holds and alerts, and fails nobody', async () => {
    await run(12, [{ kind: 'refuse-items', indexes: [0, 1, 2, 3, 4, 5], message: 'Invalid `to` field.' }])
    expect(await findPause(engine.ctx.db)).toMatchObject({ reason: 'many-items-refused' })
    expect((await statuses()).filter((status) => status === 'failed')).toEqual([])
    await resumeSending(engine.ctx.db)
    await engine.beat()
    expect(new Set(mailed()).size).toBe(12)
    expect(mailed()).toHaveLength(12)
  })

  test('of mail after mail, while nothing is taken, holds and alerts too', async () => {
    engine = await createEngine()
    engine.sandbox.plan({ kind: 'error', status: 422, name: 'validation_error', times: 5 })
    for (let number = 0; number < 5; number++) {
      await engine.enroll(number + 1)
      await engine.beat()
    }
    expect(await findPause(engine.ctx.db)).toMatchObject({ reason: 'many-items-refused' })
    expect(await statuses()).toEqual([...Array(4).fill('failed'), 'waiting'])
    await resumeSending(engine.ctx.db)
    engine.sandbox.plan({ kind: 'error', status: 422, name: 'validation_error' })
    await engine.beat()
    expect(await findPause(engine.ctx.db)).toBeNull()
    expect(await statuses()).toEqual(Array(5).fill('failed'))
  })

  test('that was on its way when that pause began fails nothing, and is not asked about again', async () => {
    engine = await createEngine()
    engine.sandbox.plan({ kind: 'error', status: 422, name: 'validation_error', times: 100 })
    const ids: string[] = []
    for (let number = 0; number < 8; number++) {
      await engine.enroll(number + 1)
      ids.push((await engine.seal()).at(-1)!)
    }
    const { mailer } = engine.ctx
    let waiting = 0
    let goOn = () => {}
    const all = new Promise<void>((resolve) => (goOn = resolve))
    const together: Mailer['sendBatch'] = async (key, body) => {
      if (++waiting === ids.length) goOn()
      await all
      return mailer.sendBatch(key, body)
    }
    const ctx = { ...engine.ctx, mailer: { ...mailer, sendBatch: together } }
    await Promise.all(ids.map((id) => sendDispatch(ctx, id)))
    expect((await statuses()).sort()).toEqual([...Array(4).fill('failed'), ...Array(4).fill('waiting')])
    await resumeSending(engine.ctx.db)
    for (let beat = 0; beat < 6; beat++) await engine.beat()
    expect(await findPause(engine.ctx.db)).toBeNull()
    expect(await statuses()).toEqual(Array(8).fill('failed'))
  })

  test('is forgotten after a day, but not what was excused', async () => {
    engine = await createEngine()
    const { db } = engine.ctx
    const after = (days: number) => new Date(engine.clock.now().getTime() + days * 25 * 3_600_000)
    expect(await countRefusals(db, 3, after(0))).toBe(3)
    expect(await countRefusals(db, 4, after(1))).toBe(4)
    await excuseRefusals(db, 60, after(1))
    await excuseRefusals(db, 40, after(1))
    expect(await countRefusals(db, 1, after(1))).toBe(-99)
    // However long the pause was: a person was asked about these very mails.
    expect(await countRefusals(db, 4, after(2))).toBe(-95)
  })

  test('of one and another, with mails that are taken between them, fails those alone', async () => {
    engine = await createEngine()
    const bad = [0, 1, 3, 4, 6, 7]
    for (const number of bad)
      engine.sandbox.plan({
        kind: 'error',
        status: 422,
        name: 'validation_error',
        match: addressOf(number),
        times: 5,
      })
    for (let number = 0; number < 8; number++) {
      await engine.enroll(number + 1)
      await engine.beat()
    }
    expect(await findPause(engine.ctx.db)).toBeNull()
    expect((await statuses()).filter((status) => status === 'failed')).toHaveLength(bad.length)
  })

  test.each([
    [10, 4, false],
    [25, 5, false],
    [24, 5, true],
  ])('of an envelope of %i with %i items refused holds: %s', async (size, refused, holds) => {
    const indexes = Array.from({ length: refused }, (_, index) => index)
    await run(size, [{ kind: 'refuse-items', indexes, message: 'Invalid `to` field.' }], 1)
    expect((await findPause(engine.ctx.db)) !== null).toBe(holds)
    expect((await statuses()).filter((status) => status === 'failed')).toHaveLength(holds ? 0 : refused)
  })

  test('of the account is written down together with the pause that it brings', async () => {
    engine = await createEngine()
    await engine.enroll(1)
    const [id] = await engine.seal()
    engine.sandbox.plan({ kind: 'error', status: 401, name: 'missing_api_key' })
    let sending: Promise<void> = Promise.resolve()
    // Nobody can pause until this ends; whoever reads the record before would open the envelope and seal it again.
    await inTransaction(engine.ctx.db, async (tx) => {
      await pauseSending(tx, { reason: 'another', until: '2026-01-01T00:00:00Z' }, engine.clock.now())
      sending = sendDispatch(engine.ctx, id!)
      while (engine.sandbox.attempts().length === 0) await sleep(20)
      await sleep(300)
      expect(await engine.outcomes()).toEqual([null])
    })
    await sending
    expect(await engine.outcomes()).toEqual(['refused'])
    expect(await findPause(engine.ctx.db)).toMatchObject({ reason: 'missing_api_key' })
  })

  test('of many items that stay refused fails those, and is not asked about again', async () => {
    const message = 'Invalid `to` field.'
    await run(7, [{ kind: 'refuse-items', indexes: [0, 1, 2, 3, 4], message }])
    expect(await findPause(engine.ctx.db)).toMatchObject({ reason: 'many-items-refused' })
    await resumeSending(engine.ctx.db)
    engine.sandbox.plan({ kind: 'refuse-items', indexes: [0], message, times: 5 })
    for (let beat = 0; beat < 2; beat++) await engine.beat()
    expect(await findPause(engine.ctx.db)).toBeNull()
    expect((await statuses()).sort()).toEqual([
      ...Array(5).fill('failed'),
      ...Array(2).fill('sent'),
      ...Array(2).fill('waiting'),
    ])
  })

  test.each([
    ['You have exceeded your daily quota.', true],
    ['Your account reached its sending limit.', true],
    ['The `subject` exceeds its limit of 998 characters.', false],
  ])('of a mail that is alone pauses only for what holds for all: %s', async (message, pauses) => {
    await run(1, [{ kind: 'refuse-items', indexes: [0], message }])
    expect((await findPause(engine.ctx.db)) !== null).toBe(pauses)
    expect(await statuses()).toEqual([pauses ? 'waiting' : 'failed'])
  })

  test('that speaks of a quota holds and alerts too', async () => {
    await run(3, [{ kind: 'refuse-items', indexes: [1], message: 'You have exceeded your quota.' }])
    expect(await findPause(engine.ctx.db)).not.toBeNull()
    await resumeSending(engine.ctx.db)
    await engine.beat()
    expect(mailed()).toHaveLength(3)
  })
})

describe('an accepted answer', () => {
  const accepted: SendResult = {
    outcome: 'accepted',
    statusCode: 200,
    errorName: null,
    ids: [],
    refused: [],
    retryAfterMs: null,
    trouble: null,
    dailyUsed: null,
  }
  const answer = (result: Partial<SendResult>) => ({
    ...engine.ctx,
    mailer: { ...engine.ctx.mailer, sendBatch: async () => ({ ...accepted, ...result }) },
  })

  test.each<[string, Partial<SendResult>]>([
    ['one id too few', { ids: ['a', 'b'] }],
    ['one id too many', { ids: ['a', 'b', 'c', 'd'] }],
    ['no id at all', { ids: [] }],
    ['an index out of range', { ids: ['a', 'b'], refused: [{ index: 3, message: 'x' }] }],
    ['the same index twice', { ids: ['a'], refused: [1, 1].map((index) => ({ index, message: 'x' })) }],
  ])('that does not add up parks the envelope and is not sent again: %s', async (_what, result) => {
    engine = await createEngine()
    await engine.enroll(3)
    const [id] = await engine.seal()
    await sendDispatch(answer(result), id!)
    await engine.endWaits()
    await engine.beat()
    expect((await engine.dispatches())[0]!.status).toBe('parked')
    expect(await statuses()).toEqual(['parked', 'parked', 'parked'])
    expect(mailed()).toEqual([])
  })

  test('of refusal that comes late speaks for its own attempt alone: a newer one was taken, and nobody heard', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    const [id] = await engine.seal()
    const { mailer } = engine.ctx
    const withMailer = (sendBatch: Mailer['sendBatch']) => ({
      ...engine.ctx,
      mailer: { ...mailer, sendBatch },
    })
    const slow = withMailer(async (key, body) => {
      engine.sandbox.plan(error(422, 'validation_error'))
      const refusal = await mailer.sendBatch(key, body)
      // Its lease ran out before it wrote that down. Another worker's call is taken, and its process dies.
      await engine.endWaits()
      const dies = withMailer(async (again, same) => {
        await mailer.sendBatch(again, same)
        throw new Error('the process died')
      })
      await sendDispatch(dies, id!).catch(() => {})
      return refusal
    })
    await sendDispatch(slow, id!)
    expect(await engine.outcomes()).toEqual(['refused', null])
    for (let beat = 0; beat < 4; beat++) {
      await engine.endWaits()
      await engine.beat()
    }
    expect(mailed().sort()).toEqual([addressOf(0), addressOf(1)])
    expect(await statuses()).toEqual(['sent', 'sent', 'waiting', 'waiting'])
  })

  test('that comes after a newer attempt began is dropped, and counts as proof', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    const [id] = await engine.seal()
    const slow = {
      ...engine.ctx,
      mailer: {
        ...engine.ctx.mailer,
        async sendBatch(key: string, body: Uint8Array) {
          const first = await engine.ctx.mailer.sendBatch(key, body)
          // Its lease ran out: another worker attempts, and dies.
          await engine.endWaits()
          engine.sandbox.plan({ kind: 'drop-before' })
          await sendDispatch(engine.ctx, id!)
          return first
        },
      },
    }
    await sendDispatch(slow, id!)
    expect((await engine.dispatches())[0]).toMatchObject({ status: 'retrying', fence: 2 })
    expect((await engine.outcomes()).sort()).toEqual(['accepted', 'unknown'])
    await engine.endWaits()
    await engine.beat()
    expect(mailed()).toHaveLength(2)
    expect(await statuses()).toEqual(['sent', 'sent', 'waiting', 'waiting'])
  })

  test('plans the next step once, however many of them come', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    const [id] = await engine.seal()
    await sendDispatch(engine.ctx, id!)
    await engine.ctx.db.execute(
      sql`update dispatches set status = 'retrying', body = ${packEnvelope(['[]'])}, resolved_at = null where id = ${id}`,
    )
    await sendDispatch(answer({ ids: ['x', 'y'] }), id!)
    expect(await statuses()).toEqual(['sent', 'sent', 'waiting', 'waiting'])
    expect((await engine.deliveries()).slice(0, 2).map(({ providerId }) => providerId)).not.toContain('x')
  })
})
