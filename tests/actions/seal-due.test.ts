import { setTimeout as sleep } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import { deliveries, leads } from '../../drizzle/schema/index.ts'
import { claimNext } from '../../src/actions/claim-next.ts'
import { markBooked } from '../../src/actions/mark-booked.ts'
import { runTick } from '../../src/actions/run-tick.ts'
import { sealDue } from '../../src/actions/seal-due.ts'
import { inTransaction } from '../../src/store/db.ts'
import { lockAddress } from '../../src/store/contact-locks.ts'
import { sealDispatches } from '../../src/store/dispatches.ts'
import { newId } from '../../src/store/new-id.ts'
import { insertSuppression } from '../../src/store/suppressions.ts'
import { foldedEmailKey } from '../../src/core/email-address.ts'
import { addressOf, createEngine, type Engine } from './engine.ts'

let engine: Engine
afterEach(() => engine?.stop())

/** Brings one lead to its second mail, which has a window: due on Thursday at 10:00 in New York. */
async function secondMail(options: Parameters<typeof createEngine>[0] = {}): Promise<void> {
  engine = await createEngine(options)
  await engine.enroll(1)
  await engine.beat()
  await engine.jumpToDue()
}

describe('sealing', () => {
  test('reckons the window in the zone that the lead has now, not in the one it was planned in', async () => {
    await secondMail()
    await engine.ctx.db.update(leads).set({ timeZone: 'Asia/Tokyo' })
    expect(await engine.seal()).toEqual([])
    const [, delivery] = await engine.deliveries()
    // Friday, 08:00 in Tokyo.
    expect(delivery!.dueAt.toISOString()).toBe('2026-03-05T23:00:00.000Z')
  })

  test('takes the clinic’s zone for one that this machine does not know, and stays alive', async () => {
    await secondMail()
    await engine.ctx.db.update(leads).set({ timeZone: 'Mars/Olympus_Mons' })
    expect(await engine.seal()).toHaveLength(1)
    await engine.beat()
    expect(engine.sandbox.emails().filter(({ to }) => to.includes(addressOf(0)))).toHaveLength(2)
    expect((await engine.deliveries()).map(({ status }) => status)).toEqual(['sent', 'sent', 'waiting'])
  })

  test('moves what missed its window to the next one', async () => {
    await secondMail()
    engine.clock.jumpTo(new Date('2026-03-06T00:00:00Z'))
    expect(await engine.seal()).toEqual([])
    const [, delivery] = await engine.deliveries()
    expect(delivery!.dueAt.toISOString()).toBe('2026-03-06T13:00:00.000Z')
    expect(delivery!.windowClosesAt!.toISOString()).toBe('2026-03-07T00:00:00.000Z')
  })

  test('of many envelopes in one transaction none is left sealed when one is refused', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    const [whole, broken] = await engine.deliveries()
    const { db } = engine.ctx
    const envelope = (id: string, delivery: string, body: string[]) => ({
      id,
      deliveryIds: [delivery],
      body,
      first: true,
      sendBy: null,
      sealedAt: engine.clock.now(),
    })
    const taken = newId()
    await inTransaction(db, (tx) => sealDispatches(tx, [envelope(taken, newId(), ['[]'])]))
    const sealing = inTransaction(db, (tx) =>
      sealDispatches(tx, [envelope(newId(), whole!.id, ['[]']), envelope(taken, broken!.id, ['[]'])]),
    )
    await expect(sealing).rejects.toThrow()
    await sleep(200)
    expect((await engine.deliveries()).map(({ status }) => status)).toEqual(['waiting', 'waiting'])
    expect(await engine.dispatches()).toHaveLength(1)
  })

  test('goes on at once when what it took up went nowhere', async () => {
    await secondMail()
    engine.clock.jumpTo(new Date('2026-03-06T00:00:00Z'))
    expect(await runTick(engine.ctx)).toMatchObject({ dispatches: [], more: true })
    expect(await runTick(engine.ctx)).toMatchObject({ dispatches: [], more: false })
  })

  test('a render fault parks one delivery and holds its enrollment; the others go out', async () => {
    const faulty = new Set<string>()
    engine = await createEngine()
    const { renderer } = engine.ctx
    engine.ctx.renderer = {
      ...renderer,
      encoded: (template, props) =>
        faulty.has(props.firstName ?? '')
          ? Promise.reject(new Error('a broken template'))
          : renderer.encoded(template, props),
    }
    faulty.add('Broken')
    await engine.enroll(2)
    await engine.ctx.db
      .update(leads)
      .set({ firstName: 'Broken' })
      .where(eq(leads.email, addressOf(0)))
    await engine.beat()
    expect((await engine.deliveries()).map(({ status }) => status).sort()).toEqual([
      'parked',
      'sent',
      'waiting',
    ])
    expect((await engine.enrollments()).map(({ status }) => status).sort()).toEqual(['active', 'held'])
  })

  test('a suppressed lead’s mail waits until the lead is stopped as a whole', async () => {
    engine = await createEngine()
    await engine.enroll(1)
    const { ctx } = engine
    const folded = foldedEmailKey(addressOf(0))
    await insertSuppression(ctx.db, ctx.suppression.hash(folded), 'complained', ctx.clock.now())
    const state = async () => [
      (await engine.deliveries())[0]!.status,
      (await engine.enrollments())[0]!.status,
    ]
    let sealing: Promise<unknown> = Promise.resolve()
    // As if the process died there: the lock is all that comes between.
    await inTransaction(ctx.db, async (tx) => {
      await lockAddress(tx, folded)
      sealing = sealDue(ctx)
      await sleep(500)
      expect(await state()).toEqual(['waiting', 'active'])
    })
    await sealing
    expect(await state()).toEqual(['cancelled', 'stopped'])
  })

  test('an address that was suppressed behind our back is dropped, and its lead stopped', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    const { ctx } = engine
    await insertSuppression(
      ctx.db,
      ctx.suppression.hash(foldedEmailKey(addressOf(0))),
      'provider',
      ctx.clock.now(),
    )
    await engine.beat()
    expect(engine.sandbox.emails().flatMap(({ to }) => to)).not.toContain(addressOf(0))
    expect((await engine.enrollments()).map(({ status }) => status).sort()).toEqual(['active', 'stopped'])
  })

  test('does not take a delivery whose stop is being committed', async () => {
    engine = await createEngine()
    await engine.enroll(1)
    const [lead] = await engine.leads()
    let claimedDuring: number | null = null
    await inTransaction(engine.ctx.db, async (tx) => {
      await tx.update(deliveries).set({ status: 'cancelled' }).where(eq(deliveries.leadId, lead!.id))
      claimedDuring = (await claimNext(engine.ctx, engine.ctx.db, { first: 10, others: 10, shared: false }))
        .length
    })
    expect(claimedDuring).toBe(0)
    expect((await sealDue(engine.ctx)).dealt).toBe(0)
  })

  test('a stop that waits for a seal finds the envelope, and the envelope is not sent', async () => {
    engine = await createEngine()
    await engine.enroll(2)
    const [lead] = await engine.leads()
    const { renderer } = engine.ctx
    let stopping: Promise<unknown> | null = null
    const slow = {
      ...engine.ctx,
      renderer: {
        ...renderer,
        encoded: async (...given: Parameters<typeof renderer.encoded>) => {
          // The claim holds its row by now, so the stop has to wait for it.
          stopping ??= markBooked(engine.ctx, { leadId: lead!.id, actor: 'test' })
          await new Promise((resolve) => setTimeout(resolve, 100))
          return renderer.encoded(...given)
        },
      },
    }
    await sealDue(slow)
    await stopping!
    const [dispatch] = await engine.dispatches()
    expect(dispatch).toMatchObject({ status: 'sealed', dirty: true })
    await engine.beat()
    await engine.beat()
    expect(engine.sandbox.emails().flatMap(({ to }) => to)).toEqual([addressOf(1)])
  })
})
