import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import { submitForm } from '../support/forms.ts'
import { backends, createTestService, isMissing, type TestService } from '../support/service.ts'

let service: TestService
afterEach(() => service?.stop())

for (const backend of backends)
  describe.skipIf(isMissing(backend))(`a day's quota on ${backend}`, () => {
    test('is not sealed for twice by rounds beside each other', async () => {
      service = await createTestService({ backend, env: { SEND_DAILY_QUOTA: '10' } })
      await service.addSource({})
      for (let number = 0; number < 20; number++)
        await submitForm(service, { email: `lead-${number}@lead.example` })
      // Not first mails any more: of the quota these may use eight, the rest is kept for leads still to come.
      await service.ctx.db.execute(sql`update deliveries set first = false`)
      await service.startWorker()
      const sealed = async () => {
        const { rows } = await service.ctx.db.execute<{ n: number }>(
          sql`select count(*)::int as n from deliveries where dispatch_id is not null`,
        )
        return rows[0]!.n
      }
      await expect.poll(sealed, { timeout: 10_000 }).toBe(8)
      for (let nudge = 0; nudge < 10; nudge++) {
        service.ctx.wake()
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      expect(await sealed()).toBe(8)
    })
  })
