import { randomUUID } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { receiveEvent } from '../../src/actions/receive-event.ts'
import { settleDelivery } from '../../src/actions/settle-delivery.ts'
import { createEngine, type Engine, parkUnknown } from './engine.ts'

let engine: Engine
afterEach(() => engine?.stop())

const hour = 3_600_000
const later = (ms: number) => engine.clock.jumpTo(new Date(engine.clock.now().getTime() + ms))
const statuses = async () => (await engine.deliveries()).map(({ step, status }) => `${step} ${status}`)

/** What becomes of the mail that a person lets go again, while the step after it is planned already. */
const troubles: [what: string, status: 'parked' | 'failed', meet: () => Promise<void>][] = [
  [
    'nobody knows whether it arrived',
    'parked',
    async () => {
      const [id] = await engine.seal()
      await parkUnknown(engine, id!)
    },
  ],
  [
    'it is refused out of its envelope',
    'failed',
    async () => engine.sandbox.plan({ kind: 'refuse-items', indexes: [0] }),
  ],
  [
    'it is refused with its envelope',
    'failed',
    async () => engine.sandbox.plan({ kind: 'error', status: 422, name: 'validation_error' }),
  ],
  [
    'it cannot be rendered',
    'parked',
    async () => {
      const { renderer } = engine.ctx
      const fail = () => Promise.reject(new TypeError('broken'))
      engine.ctx.renderer = {
        ...renderer,
        encoded: (template, props) => (template === 'lock-up' ? fail() : renderer.encoded(template, props)),
      }
    },
  ],
]

test.each(troubles)('a mail in trouble holds the step after it back: %s', async (_what, status, meet) => {
  engine = await createEngine()
  await engine.enroll(1)
  await engine.beat()
  const { id: deliveryId, providerId } = (await engine.deliveries())[0]!
  const data = { email_id: providerId, tags: { delivery: deliveryId }, failed: { reason: 'gone' } }
  const body = Buffer.from(JSON.stringify({ type: 'email.failed', data }))
  await receiveEvent(engine.ctx, { provider: 'resend', eventId: `msg_${randomUUID()}`, body })
  await settleDelivery(engine.ctx, { deliveryId, choice: 'retry', actor: 'test' })
  expect(await statuses()).toEqual(['lesson-1 waiting', 'lesson-2 waiting'])
  await meet()
  await engine.beat()
  // Past the gap between two mails, and into the window of the next day but one.
  for (let day = 0; day < 3; day++) {
    later(24 * hour)
    await engine.beat()
  }
  expect(await statuses()).toEqual([`lesson-1 ${status}`, 'lesson-2 parked'])
  expect((await engine.enrollments())[0]!.status).toBe('held')
  expect(engine.sandbox.emails()).toHaveLength(1)
  await settleDelivery(engine.ctx, { deliveryId, choice: 'skip', actor: 'test' })
  expect(await statuses()).toEqual(['lesson-1 cancelled', 'lesson-2 waiting'])
})
