import { eq } from 'drizzle-orm'
import { v7 } from 'uuid'
import { afterEach, describe, expect, test } from 'vitest'
import { deliveries, enrollments } from '../../drizzle/schema/index.ts'
import { sealDue } from '../../src/actions/seal-due.ts'
import { inTransaction } from '../../src/store/db.ts'
import { claimDue } from '../../src/store/due-deliveries.ts'
import { testStart } from '../support/service.ts'
import { addressOf, createEngine, type Engine } from './engine.ts'

let engine: Engine
afterEach(() => engine?.stop())

const hour = 3_600_000
const mailsTo = (address: string) => engine.sandbox.emails().filter(({ to }) => to.includes(address))

type Values = Partial<typeof deliveries.$inferInsert>

/** One more delivery for the first lead, in another enrollment of its own: by default a later mail that is due. */
async function another(values: Values = {}): Promise<string> {
  const { db } = engine.ctx
  const [model] = await db.select().from(enrollments).limit(1)
  const id = v7()
  const enrollmentId = v7()
  await db.insert(enrollments).values({ ...model!, id: enrollmentId, status: 'finished' })
  await db.insert(deliveries).values({
    id,
    enrollmentId,
    leadId: model!.leadId,
    step: 'lesson-3',
    status: 'waiting',
    first: false,
    dueAt: engine.clock.now(),
    groupLimit: 100,
    createdAt: engine.clock.now(),
    ...values,
  })
  return id
}

async function deliveryOf(id: string) {
  const [row] = await engine.ctx.db.select().from(deliveries).where(eq(deliveries.id, id))
  return { status: row!.status, dueAt: row!.dueAt.toISOString() }
}

/** Enrolls one lead and sends its first mail, on Wednesday at 10:00. */
async function afterFirstMail(env: Record<string, string> = {}): Promise<void> {
  engine = await createEngine({ env })
  await engine.enroll(1)
  await engine.beat()
}

describe('after a mail to the same lead', () => {
  test('the next one waits until the gap is over, and then goes', async () => {
    await afterFirstMail({ SEND_MIN_GAP_HOURS: '50' })
    await engine.jumpToDue()
    expect(await engine.seal()).toEqual([])
    const [, second] = await engine.deliveries()
    expect(second).toMatchObject({
      status: 'waiting',
      dueAt: new Date(testStart.getTime() + 50 * hour),
      windowClosesAt: new Date('2026-03-07T00:00:00Z'),
    })
    await engine.jumpToDue()
    await engine.beat()
    expect(mailsTo(addressOf(0))).toHaveLength(2)
  })

  test('and until its window is open, over a holiday and the change of the clocks', async () => {
    await afterFirstMail({ SEND_MIN_GAP_HOURS: '60', CLINIC_HOLIDAYS: '2026-03-09' })
    await engine.jumpToDue()
    expect(await engine.seal()).toEqual([])
    const [, second] = await engine.deliveries()
    // The gap ends on Friday at 22:00; Monday is a holiday; Tuesday, 08:00 in summer time.
    expect(second!.dueAt.toISOString()).toBe('2026-03-10T12:00:00.000Z')
  })

  test('of another enrollment, too, and to the minute', async () => {
    await afterFirstMail()
    const id = await another()
    engine.clock.jumpTo(new Date(testStart.getTime() + 2 * hour))
    expect((await sealDue(engine.ctx)).dealt).toBe(1)
    // Twelve hours after Wednesday 10:00 is 22:00; Thursday, 08:00.
    expect(await deliveryOf(id)).toEqual({ status: 'waiting', dueAt: '2026-03-05T13:00:00.000Z' })
  })

  test('nobody else waits', async () => {
    await afterFirstMail()
    await engine.enroll(2)
    const [, stranger] = await engine.leads()
    await engine.ctx.db.delete(deliveries).where(eq(deliveries.leadId, stranger!.id))
    const id = await another()
    const theirs = await another({ leadId: stranger!.id })
    await sealDue(engine.ctx)
    expect(await deliveryOf(id)).toMatchObject({ status: 'waiting' })
    expect(await deliveryOf(theirs)).toMatchObject({ status: 'sealed' })
  })

  test('nothing waits once the gap is over', async () => {
    await afterFirstMail({ SEND_MIN_GAP_HOURS: '2' })
    const id = await another()
    engine.clock.jumpTo(new Date(testStart.getTime() + 2 * hour))
    await sealDue(engine.ctx)
    expect(await deliveryOf(id)).toMatchObject({ status: 'sealed' })
  })

  test('nothing waits where the gap is 0', async () => {
    await afterFirstMail({ SEND_MIN_GAP_HOURS: '0' })
    const id = await another()
    await sealDue(engine.ctx)
    expect(await deliveryOf(id)).toMatchObject({ status: 'sealed' })
  })

  test('the first mail of a sequence goes at once', async () => {
    await afterFirstMail()
    const id = await another({ first: true, step: 'lesson-1' })
    await engine.beat()
    expect(await deliveryOf(id)).toMatchObject({ status: 'sent' })
  })
})

describe('a mail that may still go', () => {
  test('counts as sent now while it is sealed', async () => {
    engine = await createEngine()
    await engine.enroll(1)
    expect(await engine.seal()).toHaveLength(1)
    const id = await another()
    engine.clock.jumpTo(new Date(testStart.getTime() + hour))
    await sealDue(engine.ctx)
    // Wednesday 11:00 and twelve hours is 23:00; Thursday, 08:00.
    expect(await deliveryOf(id)).toEqual({ status: 'waiting', dueAt: '2026-03-05T13:00:00.000Z' })
  })

  test('lets only the foremost of those that are due go', async () => {
    await afterFirstMail({ SEND_MIN_GAP_HOURS: '3' })
    const now = new Date(testStart.getTime() + 4 * hour)
    const late = await another({ dueAt: new Date(now.getTime() - 1) })
    const later = await another({ dueAt: now })
    const foremost = await another({ dueAt: new Date(now.getTime() - 2) })
    engine.clock.jumpTo(now)
    await sealDue(engine.ctx)
    expect(await deliveryOf(foremost)).toMatchObject({ status: 'sealed' })
    const moved = { status: 'waiting', dueAt: new Date(now.getTime() + 3 * hour).toISOString() }
    expect(await deliveryOf(late)).toEqual(moved)
    expect(await deliveryOf(later)).toEqual(moved)
  })

  test('lets a first mail go before one that was due earlier', async () => {
    await afterFirstMail({ SEND_MIN_GAP_HOURS: '3' })
    const now = new Date(testStart.getTime() + 4 * hour)
    const earlier = await another({ dueAt: testStart })
    const first = await another({ first: true, dueAt: now, step: 'lesson-1' })
    engine.clock.jumpTo(now)
    await sealDue(engine.ctx)
    expect(await deliveryOf(first)).toMatchObject({ status: 'sealed' })
    expect(await deliveryOf(earlier)).toMatchObject({ status: 'waiting' })
  })

  test('holds the other back although another worker claimed it', async () => {
    await afterFirstMail({ SEND_MIN_GAP_HOURS: '3' })
    const now = new Date(testStart.getTime() + 4 * hour)
    const theirs = await another({ dueAt: new Date(now.getTime() - 1) })
    const ours = await another({ dueAt: now })
    engine.clock.jumpTo(now)
    await inTransaction(engine.ctx.db, async (tx) => {
      const claimed = await claimDue(tx, { first: false, now, limit: 1 })
      expect(claimed.map(({ delivery }) => delivery.id)).toEqual([theirs])
      expect((await sealDue(engine.ctx)).dealt).toBe(1)
    })
    expect(await deliveryOf(ours)).toMatchObject({ status: 'waiting' })
    await sealDue(engine.ctx)
    expect(await deliveryOf(theirs)).toMatchObject({ status: 'sealed' })
  })

  test('is not held back by one that comes after it and that another worker claimed', async () => {
    await afterFirstMail({ SEND_MIN_GAP_HOURS: '3' })
    const now = new Date(testStart.getTime() + 4 * hour)
    const theirs = await another({ dueAt: now })
    engine.clock.jumpTo(now)
    await inTransaction(engine.ctx.db, async (tx) => {
      expect(await claimDue(tx, { first: false, now, limit: 1 })).toHaveLength(1)
      const ours = await another({ dueAt: new Date(now.getTime() - 1) })
      await sealDue(engine.ctx)
      expect(await deliveryOf(ours)).toMatchObject({ status: 'sealed' })
    })
    await sealDue(engine.ctx)
    expect(await deliveryOf(theirs)).toMatchObject({ status: 'waiting' })
  })
})
