import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import { markBooked } from '../../src/actions/mark-booked.ts'
import { sendDispatch } from '../../src/actions/send-dispatch.ts'
import type { Fault } from '../../src/mail/sandbox/fault.ts'
import { createResendMailer } from '../../src/mail/resend-mailer.ts'
import { awaitProviderTurn } from '../../src/store/provider-turn.ts'
import { addressOf, createEngine, type Engine } from './engine.ts'

let engine: Engine
afterEach(() => engine?.stop())

/** An envelope of three whose only attempt is in doubt and old, with one of its leads stopped: it may only wait. */
async function inDoubt(fault: Fault): Promise<string> {
  engine = await createEngine()
  await engine.enroll(3)
  const [id] = await engine.seal()
  engine.sandbox.plan(fault)
  await sendDispatch(engine.ctx, id!)
  await markBooked(engine.ctx, { leadId: (await engine.leads())[2]!.id, actor: 'test' })
  engine.clock.jumpTo(new Date(engine.clock.now().getTime() + 3_600_000))
  await engine.endWaits()
  return id!
}
const status = async () => (await engine.dispatches())[0]!.status
const posts = () => engine.sandbox.attempts().length

test('questions to the provider take turns, and each call of one waits for its own', async () => {
  const id = await inDoubt({ kind: 'drop-after' })
  const { db, clock } = engine.ctx
  const begun = performance.now()
  await Promise.all(Array.from({ length: 3 }, () => awaitProviderTurn(db, 2, clock.now)))
  // The first at once, the others half a second after each other.
  expect(performance.now() - begun).toBeGreaterThanOrEqual(1_000)
  let waited = 0
  const { findTaken } = createResendMailer({
    apiKey: engine.ctx.config.resend.apiKey,
    baseUrl: engine.sandbox.url,
    timeoutMs: 5_000,
    now: () => new Date(),
    awaitTurn: async () => void waited++,
  })
  await sendDispatch({ ...engine.ctx, mailer: { ...engine.ctx.mailer, findTaken } }, id)
  // The list, and the mail in it.
  expect(waited).toBe(2)
})

describe('an envelope that waits for evidence', () => {
  test('is proven by one of its mails in the provider’s list, and asked for again under its key', async () => {
    const id = await inDoubt({ kind: 'drop-after' })
    await sendDispatch(engine.ctx, id)
    expect([await status(), posts()]).toEqual(['retrying', 1])
    await engine.beat()
    expect(await status()).toBe('accepted')
    expect(engine.sandbox.attempts()[1]).toMatchObject({ idempotencyKey: id, replayed: true })
    expect(engine.sandbox.emails()).toHaveLength(3)
  })

  test('is not judged by a list in which its mails are missing', async () => {
    const id = await inDoubt({ kind: 'drop-before' })
    await sendDispatch(engine.ctx, id)
    await engine.endWaits()
    await engine.beat()
    expect([await status(), posts()]).toEqual(['retrying', 1])
    expect((await engine.deliveries()).map(({ status: one }) => one)).toEqual(['sealed', 'sealed', 'sealed'])
  })

  test('is not proven by another mail to the same person', async () => {
    const id = await inDoubt({ kind: 'drop-before' })
    const { brand } = engine.ctx.config
    for (let number = 0; number < 3; number++)
      await engine.ctx.mailer.sendOne(`other-${number}`, {
        from: brand.from,
        to: [addressOf(number)],
        reply_to: brand.replyTo,
        subject: 'Another mail',
        html: '<p>Hello</p>',
        text: 'Hello',
      })
    await sendDispatch(engine.ctx, id)
    expect([await status(), (await engine.dispatches())[0]!.proven]).toEqual(['retrying', false])
  })

  test('is left as it is, and nothing is paused, by a key that may not read', async () => {
    const id = await inDoubt({ kind: 'drop-after' })
    const { config } = engine.ctx
    const closed = createResendMailer({
      apiKey: 're_other',
      baseUrl: `${engine.sandbox.url}/nowhere`,
      timeoutMs: config.sending.timeoutMs,
      now: () => new Date(),
      awaitTurn: async () => {},
    })
    await sendDispatch({ ...engine.ctx, mailer: { ...engine.ctx.mailer, findTaken: closed.findTaken } }, id)
    expect([await status(), posts()]).toEqual(['retrying', 1])
    const { rows } = await engine.ctx.db.execute(sql`select 1 from settings where key = 'pause'`)
    expect(rows).toEqual([])
  })

  test('is asked about once in a while only, over all workers', async () => {
    const id = await inDoubt({ kind: 'drop-before' })
    let asked = 0
    const mailer = { ...engine.ctx.mailer, findTaken: () => Promise.resolve((asked++, null)) }
    for (let round = 0; round < 4; round++) {
      await sendDispatch({ ...engine.ctx, mailer }, id)
      await engine.endWaits()
    }
    expect(asked).toBe(1)
  })
})
