import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { putSetting } from '../../src/store/settings.ts'
import { submitForm } from '../support/forms.ts'
import { backends, createTestService, isMissing, type TestService } from '../support/service.ts'

let service: TestService
afterEach(() => service?.stop())

for (const backend of backends) {
  describe.skipIf(isMissing(backend))(`on ${backend}`, () => {
    test('a last tick that lies in the future is not waited for', async () => {
      service = await createTestService({ backend })
      await service.addSource({})
      // The queue has lost its heartbeat, and a machine whose clock was an hour ahead was the last to tick.
      service.queues.wake = () => {}
      service.queues.upsertHeartbeat = async () => {}
      const hourAhead = new Date(Date.now() + 3_600_000).toISOString()
      await putSetting(service.ctx.db, 'tick', { at: hourAhead }, service.clock.now())
      await service.startWorker()
      await submitForm(service, { email: 'pat@lead.example' })
      const toLead = () => service.sandbox.emails().filter(({ to }) => to.includes('pat@lead.example'))
      await expect.poll(() => toLead().length, { timeout: 15_000 }).toBe(1)
    })

    test('a queue that hangs does not take the connections that captures need', async () => {
      service = await createTestService({ backend, env: { DATABASE_POOL: '4' } })
      await service.addSource({})
      service.queues.wake = () => {}
      service.queues.upsertHeartbeat = async () => {}
      await service.startWorker()
      service.queues.upsertHeartbeat = () => new Promise(() => {})
      await sleep(16_000)
      const answered = submitForm(service, { email: 'pat@lead.example' }).then(({ status }) => status)
      expect(await Promise.race([answered, sleep(2_000, 'hangs')])).toBe(200)
    })
  })
}
