import { afterEach, beforeEach, expect, test } from 'vitest'
import { deliveries, enrollments } from '../../drizzle/schema/index.ts'
import { runTick } from '../../src/actions/run-tick.ts'
import { settleDelivery } from '../../src/actions/settle-delivery.ts'
import { inTransaction } from '../../src/store/db.ts'
import { failDelivery } from '../../src/store/deliveries.ts'
import { settleEnrollments } from '../../src/store/enrollments.ts'
import { findLeadByEmail } from '../../src/store/leads.ts'
import { readTimeline } from '../../src/store/timeline.ts'
import { submitForm } from '../support/forms.ts'
import { createTestService, type TestService } from '../support/service.ts'

let service: TestService
beforeEach(async () => {
  service = await createTestService()
  await service.addSource({})
  await submitForm(service, { email: 'pat@lead.example' })
})
afterEach(() => service.stop())

const story = async () => {
  const lead = await findLeadByEmail(service.ctx.db, 'pat@lead.example')
  const timeline = await readTimeline(service.ctx.db, lead!.id)
  return {
    ids: timeline.deliveries.map(({ id }) => id),
    steps: timeline.deliveries.map(({ step, status }) => `${step} ${status}`),
    enrollment: timeline.enrollments[0]!,
  }
}

async function fail(): Promise<string> {
  const { ids, enrollment } = await story()
  await inTransaction(service.ctx.db, async (tx) => {
    await failDelivery(tx, ids[0]!, 'failed', 'refused by the provider')
    await settleEnrollments(tx, [enrollment.id], 'held', service.clock.now())
  })
  return ids[0]!
}

test('retry lets a failed delivery wait again, and its enrollment run', async () => {
  const deliveryId = await fail()
  await settleDelivery(service.ctx, { deliveryId, choice: 'retry', actor: 'test' })
  expect(await story()).toMatchObject({ steps: ['lesson-1 waiting'], enrollment: { status: 'active' } })
  await runTick(service.ctx)
  expect((await story()).steps).toEqual(['lesson-1 sealed'])
})

test('skip goes on with the next step', async () => {
  const deliveryId = await fail()
  await settleDelivery(service.ctx, { deliveryId, choice: 'skip', actor: 'test' })
  expect(await story()).toMatchObject({
    steps: ['lesson-1 cancelled', 'lesson-2 waiting'],
    enrollment: { status: 'active' },
  })
})

test('a delivery that needs no word, or that nobody knows, is refused', async () => {
  const { ids } = await story()
  const settle = (deliveryId: string) =>
    settleDelivery(service.ctx, { deliveryId, choice: 'retry', actor: 'test' })
  await expect(settle(ids[0]!)).rejects.toMatchObject({ code: 'conflict' })
  await expect(settle('01a202f1-51e7-73ec-b0b6-7a0216daff47')).rejects.toMatchObject({ code: 'not-found' })
})

test('what waits behind two mails in trouble waits for a word on both', async () => {
  const first = await fail()
  await settleDelivery(service.ctx, { deliveryId: first, choice: 'skip', actor: 'test' })
  const second = (await story()).ids[1]!
  await service.ctx.db.update(deliveries).set({ status: 'failed', reason: null })
  await service.ctx.db.update(enrollments).set({ status: 'held' })
  await settleDelivery(service.ctx, { deliveryId: second, choice: 'skip', actor: 'test' })
  expect(await story()).toMatchObject({
    steps: ['lesson-1 failed', 'lesson-2 cancelled', 'lesson-3 parked'],
    enrollment: { status: 'held' },
  })
  await settleDelivery(service.ctx, { deliveryId: first, choice: 'skip', actor: 'test' })
  expect(await story()).toMatchObject({
    steps: ['lesson-1 cancelled', 'lesson-2 cancelled', 'lesson-3 waiting'],
    enrollment: { status: 'active' },
  })
})
