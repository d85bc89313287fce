import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, test } from 'vitest'
import { insertDueLeads } from '../bench/support/due-leads.ts'
import { submitForm } from '../support/forms.ts'
import { backends, createTestService, isMissing, type TestService } from '../support/service.ts'

/** Close to the time-out of a call. */
const hangMs = 14_000

let service: TestService
afterEach(() => service?.stop())

const inFlight = async () => {
  const { rows } = await service.ctx.db.execute<{ n: number }>(
    sql`select count(*)::int as n from dispatches where status = 'in-flight'`,
  )
  return rows[0]!.n
}

/** Ms from a form to the moment at which the provider has taken its first mail. */
async function timeFirstMail(email: string): Promise<number> {
  const began = performance.now()
  await submitForm(service, { email })
  while (!service.sandbox.emails().some(({ to }) => to.includes(email))) {
    if (performance.now() - began > hangMs) return Infinity
    await sleep(10)
  }
  return performance.now() - began
}

for (const backend of backends) {
  describe.skipIf(isMissing(backend))(`first mails on ${backend}`, () => {
    test('overtake thousands that are due, while every call for those hangs', async () => {
      service = await createTestService({ backend, env: { SEND_CONCURRENCY: '3' } })
      await service.addSource({})
      const { ctx, sandbox, clock } = service
      // What the backlog brings in events is another matter.
      sandbox.plan({ kind: 'hold-events', match: 'bench.example', times: 10_000 })
      sandbox.plan({ kind: 'slow', ms: hangMs, accept: 'after', match: 'bench.example', times: 10_000 })
      sandbox.plan({ kind: 'slow', ms: 300, match: 'lead.example', times: 10_000 })
      await insertDueLeads(ctx, 4_000, 'lesson-3', clock.now())
      await service.startWorker()
      // Each slot for the others holds a call that hangs, and as many more are sealed ahead.
      await expect.poll(inFlight, { timeout: 15_000 }).toBe(ctx.config.sending.concurrency)
      // The very first compiles its mail.
      await timeFirstMail('warm-up@lead.example')
      const times: number[] = []
      for (let round = 0; round < 5; round++) times.push(await timeFirstMail(`fresh-${round}@lead.example`))
      const together = await Promise.all(
        Array.from({ length: 10 }, (_, number) => timeFirstMail(`burst-${number}@lead.example`)),
      )
      // Whatever else this machine is busy with: not one of them waited for a call that hangs.
      expect(Math.max(...times, ...together)).toBeLessThan(hangMs)
      // The others were not all done meanwhile: there was a backlog to overtake.
      const bulk = sandbox.emails().filter(({ to }) => to[0]!.endsWith('bench.example'))
      expect(bulk.length).toBeLessThan(4_000)
      sandbox.clearFaults()
    })
  })
}
