import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, inject, test } from 'vitest'
import { markBooked } from '../../src/actions/mark-booked.ts'
import { nextDueAt } from '../../src/store/due-deliveries.ts'
import { emailKey } from '../../src/core/email-address.ts'
import { inTransaction } from '../../src/store/db.ts'
import { findLeadByEmail } from '../../src/store/leads.ts'
import { readTimeline } from '../../src/store/timeline.ts'
import { findPause, resumeSending } from '../../src/store/pause.ts'
import { submitForm } from '../support/forms.ts'
import { backends, createTestService, isMissing, type TestService } from '../support/service.ts'

let service: TestService
afterEach(() => service?.stop())

const mailsTo = (address: string) => service.sandbox.emails().filter(({ to }) => to.includes(address))

async function leadOf(address: string) {
  return (await findLeadByEmail(service.ctx.db, emailKey(address)))!
}

async function jump(): Promise<void> {
  service.clock.jumpTo((await nextDueAt(service.ctx.db))!)
  service.ctx.wake()
  await service.idle()
}

for (const backend of backends) {
  describe.skipIf(isMissing(backend))(`the engine on ${backend}`, () => {
    test('sends every lesson once, in order, to the end', async () => {
      service = await createTestService({ backend })
      await service.addSource({})
      await service.startWorker()
      await submitForm(service, { email: 'pat@lead.example', first_name: 'Pat' })
      await service.idle()
      while (await nextDueAt(service.ctx.db)) await jump()
      const steps = mailsTo('pat@lead.example').map(({ tags }) => tags.step)
      expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7].map((number) => `lesson-${number}`))
      const { enrollments, deliveries } = await readTimeline(
        service.ctx.db,
        (await leadOf('pat@lead.example')).id,
      )
      expect(enrollments.map(({ status }) => status)).toEqual(['finished'])
      expect(deliveries.every(({ status }) => status === 'delivered')).toBe(true)
    })

    test('a tick that waits is enough, however often it is asked for', async () => {
      service = await createTestService({ backend })
      const ticks = service.queues.all.find(({ name }) => name === 'tick')!
      for (let nudge = 0; nudge < 5; nudge++) {
        service.queues.wake()
        await sleep(60)
      }
      expect(await ticks.getWaitingCount()).toBe(1)
    })

    test('loses nothing when the queues are emptied, or their heartbeat is gone', async () => {
      service = await createTestService({ backend })
      await service.addSource({})
      await service.startWorker()
      if (backend === 'redis') {
        const redis = new Redis(inject('redisUrl')!)
        for (const key of await redis.keys('{test-*')) await redis.del(key)
        redis.disconnect()
      } else {
        // Again, should it meet a job that is taken up at the same moment in a deadlock.
        await inTransaction(service.ctx.db, (tx) =>
          tx.execute('truncate bullmq.job, bullmq.scheduler, bullmq.dedup, bullmq.rate_limit cascade'),
        )
      }
      // From here on only the heartbeat is left to notice anything.
      service.ctx.wake = () => {}
      await submitForm(service, { email: 'pat@lead.example' })
      await expect.poll(() => mailsTo('pat@lead.example').length, { timeout: 15_000 }).toBe(1)
    })

    test('an answer that never came is asked for again, and the mail went out once', async () => {
      service = await createTestService({ backend })
      await service.addSource({})
      service.sandbox.plan({ kind: 'drop-after', match: 'lead.example' })
      service.sandbox.plan({ kind: 'hold-events', match: 'lead.example' })
      await service.startWorker()
      await submitForm(service, { email: 'pat@lead.example' })
      await expect
        .poll(() => service.sandbox.attempts().filter(({ items }) => items === 1).length, { timeout: 20_000 })
        .toBeGreaterThan(1)
      await service.idle()
      expect(mailsTo('pat@lead.example')).toHaveLength(1)
    })

    test('a rate limit is waited for', async () => {
      service = await createTestService({ backend })
      await service.addSource({})
      service.sandbox.plan({ kind: 'rate-limit', times: 2, retryAfter: 1, match: 'lead.example' })
      await service.startWorker()
      await submitForm(service, { email: 'pat@lead.example' })
      await service.idle()
      expect(mailsTo('pat@lead.example')).toHaveLength(1)
    })

    test('trouble of the account pauses everything, and a person resumes it', async () => {
      service = await createTestService({ backend })
      await service.addSource({})
      service.sandbox.plan({ kind: 'error', status: 401, name: 'restricted_api_key', match: 'lead.example' })
      await service.startWorker()
      await submitForm(service, { email: 'pat@lead.example' })
      await expect
        .poll(() => findPause(service.ctx.db), { timeout: 10_000 })
        .toMatchObject({
          reason: 'restricted_api_key',
        })
      expect((await fetch(`${service.baseUrl}/health`)).status).toBe(503)
      expect(mailsTo('pat@lead.example')).toHaveLength(0)
      await resumeSending(service.ctx.db)
      await service.idle()
      expect(mailsTo('pat@lead.example')).toHaveLength(1)
      const subjects = service.sandbox.emails().map(({ subject }) => subject)
      expect(subjects).toContainEqual(expect.stringMatching(/^Mail to leads (is|was) paused$/))
    })

    test('a stopped lead gets nothing more', async () => {
      service = await createTestService({ backend })
      await service.addSource({})
      await service.startWorker()
      await submitForm(service, { email: 'pat@lead.example' })
      await service.idle()
      await markBooked(service.ctx, { leadId: (await leadOf('pat@lead.example')).id, actor: 'test' })
      expect(await nextDueAt(service.ctx.db)).toBeNull()
      expect(mailsTo('pat@lead.example')).toHaveLength(1)
    })
  })
}
