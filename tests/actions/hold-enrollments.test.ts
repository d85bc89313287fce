import { randomUUID } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { receiveEvent } from '../../src/actions/receive-event.ts'
import { settleDelivery } from '../../src/actions/settle-delivery.ts'
import { sendDispatch } from '../../src/actions/send-dispatch.ts'
import { heldReason } from '../../src/store/deliveries.ts'
import { createEngine, type Engine, parkUnknown } from './engine.ts'

let engine: Engine
afterEach(() => engine?.stop())

const hour = 3_600_000
const later = (ms: number) => engine.clock.jumpTo(new Date(engine.clock.now().getTime() + ms))
const statuses = async () => (await engine.deliveries()).map(({ step, status }) => `${step} ${status}`)
const enrollment = async () => (await engine.enrollments())[0]!.status

/** An event of a mail of the first delivery: of the one that is known, or of another. */
async function tell(type: string, emailId?: string): Promise<void> {
  const { id, providerId } = (await engine.deliveries())[0]!
  const data = { email_id: emailId ?? providerId, tags: { delivery: id }, failed: { reason: 'gone' } }
  const body = Buffer.from(JSON.stringify({ type, data }))
  await receiveEvent(engine.ctx, { provider: 'resend', eventId: `msg_${randomUUID()}`, body })
}

async function settle(choice: 'retry' | 'skip'): Promise<void> {
  await settleDelivery(engine.ctx, { deliveryId: (await engine.deliveries())[0]!.id, choice, actor: 'test' })
}

/** A first mail that went out, failed, and that a person lets go again: the step after it is planned already. */
async function retried(): Promise<void> {
  await engine.enroll(1)
  await engine.beat()
  await tell('email.failed')
  await settle('retry')
  expect(await statuses()).toEqual(['lesson-1 waiting', 'lesson-2 waiting'])
}

function breakTemplate(name: string): void {
  const { renderer } = engine.ctx
  engine.ctx.renderer = {
    ...renderer,
    encoded: (template, props) =>
      template === name ? Promise.reject(new TypeError('broken')) : renderer.encoded(template, props),
  }
}

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
  ['it cannot be rendered', 'parked', async () => breakTemplate('lock-up')],
]

test.each(troubles)('a mail in trouble holds the step after it back: %s', async (_what, status, meet) => {
  engine = await createEngine()
  await retried()
  await meet()
  await engine.beat()
  // Past the gap between two mails, and into the window of the next day but one.
  for (let day = 0; day < 3; day++) {
    later(24 * hour)
    await engine.beat()
  }
  expect(await statuses()).toEqual([`lesson-1 ${status}`, 'lesson-2 parked'])
  expect(await enrollment()).toBe('held')
  expect(engine.sandbox.emails()).toHaveLength(1)
  await settle('skip')
  expect(await statuses()).toEqual(['lesson-1 cancelled', 'lesson-2 waiting'])
})

test('an event that tells that it arrived lets the step after it go on, without a word of anybody', async () => {
  engine = await createEngine()
  await retried()
  const [id] = await engine.seal()
  await parkUnknown(engine, id!)
  expect(await statuses()).toEqual(['lesson-1 parked', 'lesson-2 parked'])
  await tell('email.delivered', 'of-the-second')
  expect(await statuses()).toEqual(['lesson-1 delivered', 'lesson-2 waiting'])
  expect(await enrollment()).toBe('active')
})

test('a refusal of what arrived before, as an event tells meanwhile, holds nothing', async () => {
  engine = await createEngine()
  await engine.enroll(1)
  const [first] = await engine.seal()
  await parkUnknown(engine, first!)
  await settle('retry')
  const [again] = await engine.seal()
  engine.sandbox.plan({ kind: 'error', status: 422, name: 'validation_error' })
  const { mailer } = engine.ctx
  const slow: typeof mailer = {
    ...mailer,
    async sendBatch(key, body) {
      const result = await mailer.sendBatch(key, body)
      await tell('email.delivered', 'of-the-first')
      return result
    },
  }
  await sendDispatch({ ...engine.ctx, mailer: slow }, again!)
  expect((await engine.outcomes()).at(-1)).toBe('refused')
  expect(await statuses()).toEqual(['lesson-1 delivered', 'lesson-2 waiting'])
  expect(await enrollment()).toBe('active')
})

test('a mail that was skipped holds nothing when it went out after all and then failed', async () => {
  engine = await createEngine()
  await engine.enroll(1)
  const [id] = await engine.seal()
  await parkUnknown(engine, id!)
  await settle('skip')
  await tell('email.sent', 'of-the-first')
  expect(await statuses()).toEqual(['lesson-1 sent', 'lesson-2 waiting'])
  await tell('email.failed')
  expect(await statuses()).toEqual(['lesson-1 sent', 'lesson-2 waiting'])
  expect(await enrollment()).toBe('active')
})

test('what is parked behind a mail in trouble is not postponed for a template of its own', async () => {
  engine = await createEngine({ env: { SEND_MIN_GAP_HOURS: '0' } })
  await retried()
  breakTemplate('lock-up')
  engine.ctx.templates = new Set([...engine.ctx.templates].filter((name) => name !== 'why-scans-miss'))
  later(7 * 24 * hour)
  await engine.jumpToDue()
  await engine.beat()
  expect(await engine.deliveries()).toMatchObject([
    { step: 'lesson-1', status: 'parked' },
    { step: 'lesson-2', status: 'parked', reason: heldReason },
  ])
})
