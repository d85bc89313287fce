import { afterEach, expect, test } from 'vitest'
import { acceptDeliveries } from '../../src/actions/accept-deliveries.ts'
import type { Sequence } from '../../src/core/sequence.ts'
import { inTransaction } from '../../src/store/db.ts'
import { createEngine, type Engine } from './engine.ts'

let engine: Engine
afterEach(() => engine?.stop())

/** A sequence that no other test of this process has read, so that its definition is not in memory. */
const unread: Sequence = {
  key: 'back-spasms',
  steps: [
    { key: 'only-here-1', template: 'lock-up', delayDays: 0, window: null },
    { key: 'only-here-2', template: 'lock-up', delayDays: 1, window: null },
  ],
}

test('as many transactions at once as the pool has connections do not wait for each other for ever', async () => {
  const overrides = { sequences: { 'back-spasms': unread } }
  engine = await createEngine({ overrides, env: { DATABASE_POOL: '4' } })
  await engine.enroll(4)
  const planned = await engine.deliveries()
  let open = 0
  let allOpen = () => {}
  const together = new Promise<void>((resolve) => (allOpen = resolve))
  await Promise.all(
    planned.map(({ id }) =>
      inTransaction(engine.ctx.db, async (tx) => {
        if (++open === planned.length) allOpen()
        await together
        await acceptDeliveries(engine.ctx, tx, [{ id, providerId: `provider-${id}` }])
      }),
    ),
  )
  expect(await engine.deliveries()).toHaveLength(8)
}, 15_000)
