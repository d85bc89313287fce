import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterEach, expect, test } from 'vitest'
import { createTestService, type TestService } from '../support/service.ts'

let service: TestService
afterEach(() => service?.stop())

test('queues on PostgreSQL outlive every connection they have, again and again', async () => {
  service = await createTestService()
  await service.addSource({})
  await service.startWorker()
  const fatal: string[] = []
  const onFatal = (error: Error) => fatal.push(`${error.message} ${error.stack ?? ''}`)
  process.prependListener('uncaughtException', onFatal)
  for (let round = 0; round < 20; round++) {
    service.ctx.wake()
    await sleep(20 + Math.random() * 60)
    await service.ctx.db.execute(sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'nurture-queues' and datname = current_database()`)
  }
  process.off('uncaughtException', onFatal)
  expect(fatal).toEqual([])
})
