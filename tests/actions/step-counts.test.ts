import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readStepCounts } from '../../src/actions/read-step-counts.ts'
import { findStepCounts } from '../../src/store/step-counts.ts'
import { createEngine, type Engine } from './engine.ts'

let engine: Engine
beforeEach(async () => {
  engine = await createEngine()
})
afterEach(() => engine.stop())

const waitingOf = (counts: { rows: { step: string; status: string; count: number }[] }) =>
  counts.rows.find(({ step, status }) => step === 'lesson-1' && status === 'waiting')?.count ?? 0

/** As if counting had taken so long, and whoever looked last looked `secondsAgo`. */
async function pretend(tookMs: number, secondsAgo: number): Promise<void> {
  const { db } = engine.ctx
  await db.execute(sql`update settings set value = value || jsonb_build_object('tookMs', ${tookMs}::int)
    where key = 'step-counts'`)
  await db.execute(sql`insert into settings (key, value, updated_at) values ('step-counts-turn',
      jsonb_build_object('at', clock_timestamp() - ${secondsAgo} * interval '1 second'), clock_timestamp())
    on conflict (key) do update set value = excluded.value`)
}

test('what is quickly counted is counted for whoever looks', async () => {
  expect(waitingOf(await readStepCounts(engine.ctx))).toBe(0)
  await engine.enroll(2)
  await pretend(1, 60)
  expect(waitingOf(await readStepCounts(engine.ctx))).toBe(2)
})

test('what is slowly counted is answered from the last count, and counted behind the answer, seldom', async () => {
  await readStepCounts(engine.ctx)
  await engine.enroll(2)
  await pretend(10_000, 60)
  expect(waitingOf(await readStepCounts(engine.ctx))).toBe(0)
  expect(waitingOf((await findStepCounts(engine.ctx.db))!)).toBe(0)
  await pretend(10_000, 3_600)
  expect(waitingOf(await readStepCounts(engine.ctx))).toBe(0)
  await expect.poll(async () => waitingOf((await findStepCounts(engine.ctx.db))!)).toBe(2)
})
