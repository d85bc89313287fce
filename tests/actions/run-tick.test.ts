import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import { pause } from '../../src/actions/pause.ts'
import { findPause } from '../../src/store/pause.ts'
import { createEngine, type Engine } from './engine.ts'

let engine: Engine
afterEach(() => engine?.stop())

describe('a tick', () => {
  test('ends a pause whose time is over, by the database’s clock, and what waited goes out', async () => {
    engine = await createEngine()
    await engine.enroll(1)
    const until = new Date(Date.now() + 3_600_000).toISOString()
    await pause(engine.ctx, { reason: 'daily_quota_exceeded', until })
    // The domain's clock is far past that time, and has no say in it.
    engine.clock.jumpTo(new Date(Date.parse(until) + 30 * 86_400_000))
    await engine.beat()
    expect(await findPause(engine.ctx.db)).toEqual({ reason: 'daily_quota_exceeded', until })
    expect(engine.sandbox.emails()).toEqual([])
    await engine.ctx.db.execute(sql`
      update settings set value = value || jsonb_build_object('until', clock_timestamp() - interval '1 second')
      where key = 'pause'`)
    await engine.beat()
    expect(await findPause(engine.ctx.db)).toBeNull()
    expect(engine.sandbox.emails()).toHaveLength(1)
  })

  test('leaves a pause without an end to a person', async () => {
    engine = await createEngine()
    await engine.enroll(1)
    await pause(engine.ctx, { reason: 'invalid_api_key', until: null })
    engine.clock.jumpTo(new Date(engine.clock.now().getTime() + 30 * 86_400_000))
    await engine.beat()
    expect(await findPause(engine.ctx.db)).toEqual({ reason: 'invalid_api_key', until: null })
    expect(engine.sandbox.emails()).toEqual([])
  })
})
