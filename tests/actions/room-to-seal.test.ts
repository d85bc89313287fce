import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import { sealDue } from '../../src/actions/seal-due.ts'
import { sendDispatch } from '../../src/actions/send-dispatch.ts'
import { quotaResetsAt } from '../../src/core/provider-day.ts'
import { noteUsedToday } from '../../src/store/daily-quota.ts'
import { listFreeDispatches } from '../../src/store/dispatches.ts'
import { findPause } from '../../src/store/pause.ts'
import { readHealth } from '../../src/store/health.ts'
import { insertDueLeads } from '../bench/support/due-leads.ts'
import { submitForm } from '../support/forms.ts'
import { createEngine, type Engine } from './engine.ts'

let engine: Engine
afterEach(() => engine?.stop())

const sealedMails = async () => {
  const { rows } = await engine.ctx.db.execute<{ first: number; others: number }>(sql`
    select count(*) filter (where first)::int as first, count(*) filter (where not first)::int as others
    from deliveries where status = 'sealed'`)
  return rows[0]!
}
const sealAll = async () => {
  while ((await sealDue(engine.ctx)).dealt > 0);
}

describe('room to seal', () => {
  test('first mails have room of their own, in envelopes of their own, when the others fill theirs', async () => {
    engine = await createEngine({ env: { SEND_CONCURRENCY: '1' } })
    await insertDueLeads(engine.ctx, 500, 'lesson-3', engine.clock.now())
    await sealAll()
    expect(await sealedMails()).toEqual({ first: 0, others: 200 })
    await engine.enroll(3)
    await sealAll()
    expect(await sealedMails()).toEqual({ first: 3, others: 200 })
    const dispatches = await engine.dispatches()
    expect(dispatches.map(({ first, deliveryIds }) => [first, deliveryIds.length])).toEqual([
      [false, 100],
      [false, 100],
      [true, 3],
    ])
  })

  test('however many first mails are in doubt, a new one is listed before them', async () => {
    engine = await createEngine()
    const { db, clock } = engine.ctx
    await db.execute(sql`
      insert into dispatches (id, delivery_ids, body, status, first, sealed_at, fence, first_attempt_at, reason)
      select gen_random_uuid(), array[gen_random_uuid()], '', 'retrying', true, ${clock.now()}, 1, ${clock.now()},
        'no clear answer' from generate_series(1, 250)`)
    engine.clock.jumpTo(new Date(clock.now().getTime() + 60_000))
    await engine.enroll(1)
    const [sealed] = await engine.seal()
    const [foremost, ...others] = await listFreeDispatches(db, 200)
    expect(foremost).toMatchObject({ id: sealed, reserved: true })
    expect(others.filter(({ reserved }) => reserved)).toEqual([])
  })

  test('while the provider fails, no more than that is put in doubt, but first mails are tried', async () => {
    engine = await createEngine({ env: { SEND_CONCURRENCY: '1' } })
    engine.sandbox.plan({ kind: 'error', status: 500, times: 1_000 })
    await insertDueLeads(engine.ctx, 500, 'lesson-3', engine.clock.now())
    for (let round = 0; round < 5; round++) {
      await sealAll()
      for (const { id } of await engine.dispatches()) await sendDispatch(engine.ctx, id)
    }
    expect(await engine.dispatches()).toMatchObject([{ status: 'retrying' }, { status: 'retrying' }])
    expect((await readHealth(engine.ctx.db, engine.clock.now(), null)).inDoubt).toBe(2)
    await engine.enroll(1)
    await engine.beat()
    expect((await engine.dispatches()).at(-1)).toMatchObject({ first: true, status: 'retrying' })
    engine.sandbox.clearFaults()
    for (let round = 0; round < 6; round++) {
      await engine.endWaits()
      await engine.beat()
    }
    expect(engine.sandbox.emails()).toHaveLength(501)
    expect(new Set(engine.sandbox.emails().flatMap(({ to }) => to)).size).toBe(501)
  })
})

describe('a daily quota', () => {
  test('is not used twice by those who seal at once', async () => {
    engine = await createEngine({ env: { SEND_DAILY_QUOTA: '100' } })
    await insertDueLeads(engine.ctx, 500, 'lesson-3', engine.clock.now())
    await Promise.all(Array.from({ length: 4 }, () => sealDue(engine.ctx)))
    expect(await sealedMails()).toEqual({ first: 0, others: 80 })
  })

  test('keeps a fifth for first mails, says until when, and goes on after midnight', async () => {
    engine = await createEngine({ env: { SEND_DAILY_QUOTA: '100' } })
    const { ctx } = engine
    await insertDueLeads(ctx, 300, 'lesson-3', engine.clock.now())
    await sealAll()
    expect(await sealedMails()).toEqual({ first: 0, others: 80 })
    for (const { id } of await engine.dispatches()) await sendDispatch(ctx, id)
    // Told by the provider's own header.
    const resets = quotaResetsAt(new Date()).toISOString()
    const quota = async () => (await readHealth(ctx.db, engine.clock.now(), 100)).dailyQuota
    expect(await quota()).toEqual({ used: 80, of: 100, firstMailsOnlyUntil: resets, usedUpUntil: null })
    await engine.enroll(3)
    await sealAll()
    expect(await sealedMails()).toEqual({ first: 3, others: 0 })
    await engine.beat()
    expect(await quota()).toMatchObject({ used: 83 })
    // An answer that was overtaken does not lower it.
    await noteUsedToday(ctx.db, 2, new Date(), engine.clock.now())
    expect(await quota()).toMatchObject({ used: 83 })
    await ctx.db.execute(sql`
      update settings set value = jsonb_set(value, '{day}', '"2026-01-01"') where key = 'daily-quota'`)
    expect(await quota()).toEqual({ used: 0, of: 100, firstMailsOnlyUntil: null, usedUpUntil: null })
    await sealAll()
    expect(await sealedMails()).toEqual({ first: 0, others: 80 })
  })

  test('is not kept from first mails by others that hang in doubt', async () => {
    engine = await createEngine({ env: { SEND_DAILY_QUOTA: '100' } })
    const { ctx } = engine
    engine.sandbox.plan({ kind: 'error', status: 500, times: 1_000 })
    await insertDueLeads(ctx, 100, 'lesson-3', engine.clock.now())
    await sealAll()
    for (const { id } of await engine.dispatches()) await sendDispatch(ctx, id)
    await noteUsedToday(ctx.db, 30, new Date(), engine.clock.now())
    await engine.enroll(3)
    await sealAll()
    // They are asked for again within the quarter of an hour, and may then use what is left.
    expect(await sealedMails()).toEqual({ first: 0, others: 80 })
    engine.clock.jumpTo(new Date(engine.clock.now().getTime() + 16 * 60_000))
    await sealAll()
    expect(await sealedMails()).toEqual({ first: 3, others: 80 })
  })

  test('bounds first mails too: those that are left over wait for the next day, and nothing is refused', async () => {
    engine = await createEngine({ env: { SEND_DAILY_QUOTA: '100' } })
    const { ctx } = engine
    await insertDueLeads(ctx, 100, 'lesson-3', engine.clock.now())
    await engine.enroll(25)
    await noteUsedToday(ctx.db, 40, new Date(), engine.clock.now())
    await sealAll()
    // The others leave a fifth: for more first mails, and for alerts.
    expect(await sealedMails()).toEqual({ first: 25, others: 15 })
    await noteUsedToday(ctx.db, 50, new Date(), engine.clock.now())
    await engine.beat()
    for (let number = 0; number < 40; number++)
      await submitForm(engine, { email: `later-${number}@lead.example` })
    await noteUsedToday(ctx.db, 90, new Date(), engine.clock.now())
    await sealAll()
    expect((await sealedMails()).first).toBe(10)
    await engine.beat()
    await noteUsedToday(ctx.db, 100, new Date(), engine.clock.now())
    await sealAll()
    expect(await sealedMails()).toEqual({ first: 0, others: 0 })
    expect(await findPause(ctx.db)).toBeNull()
    const { dailyQuota } = await readHealth(ctx.db, engine.clock.now(), 100)
    expect(dailyQuota?.usedUpUntil).toBe(quotaResetsAt(new Date()).toISOString())
  })
})
