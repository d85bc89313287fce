import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { and, gt, isNull, sql } from 'drizzle-orm'
import { attempts } from '../../drizzle/schema/index.ts'
import { realClock } from '../../src/cli/wire.ts'
import { freePort } from '../../src/cli/free-port.ts'
import { startSandbox, type Sandbox } from '../../src/mail/sandbox/sandbox.ts'
import { insertDueLeads } from '../bench/support/due-leads.ts'
import { type Backend, backends, createTestService, isMissing, type TestService } from '../support/service.ts'
import { nurture, stopAll } from './support.ts'

const secrets = {
  APP_SECRET: 'an-app-secret-of-the-tests-0123456789abcdef',
  RESEND_WEBHOOK_SECRETS: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
}

let service: TestService
let sandbox: Sandbox
beforeEach(async () => {
  service = await createTestService({ env: secrets, overrides: { clock: realClock } })
  sandbox = await startSandbox({ requestsPerSecond: 0 })
})
afterEach(async () => {
  await stopAll()
  await sandbox.close()
  await service.stop()
})

const statuses = async () => {
  const { rows } = await service.ctx.db.execute<{ status: string; n: number }>(
    sql`select status, count(*)::int as n from dispatches group by 1`,
  )
  return Object.fromEntries(rows.map(({ status, n }) => [status, n]))
}

/** What there is once two calls hang, both for some seconds yet, and nothing has moved for a second. */
async function atRest(): Promise<Record<string, number>> {
  const giveUp = Date.now() + 60_000
  while (Date.now() < giveUp) {
    const before = await statuses()
    await sleep(1_000)
    const after = await statuses()
    const fresh = await service.ctx.db.$count(
      attempts,
      and(isNull(attempts.outcome), gt(attempts.startedAt, new Date(Date.now() - 6_000))),
    )
    if (fresh === 2 && after['in-flight'] === 2 && isDeepStrictEqual(before, after)) return after
  }
  throw new Error('Sending did not come to rest in 60 s')
}

test('a transaction that hangs does not hold up the end', async () => {
  const hung = await createTestService()
  void hung.ctx.db.transaction(() => new Promise(() => {})).catch(() => {})
  await hung.ctx.db.execute('select 1')
  const began = Date.now()
  await hung.stop()
  expect(Date.now() - began).toBeLessThan(15_000)
})

/** What a worker process is told; on Redis, of a database there in which nobody else has the usual prefix. */
function surroundings(backend: Backend): Record<string, string> {
  const redis = new URL(inject('redisUrl') ?? 'redis://none')
  redis.pathname = '/9'
  return {
    ...secrets,
    DATABASE_URL: service.databaseUrl,
    RESEND_BASE_URL: sandbox.url,
    // On a busy machine a tick may be late, which is a warning and no fault.
    LOG_LEVEL: 'error',
    ...(backend === 'redis' ? { REDIS_URL: redis.href } : {}),
  }
}

for (const backend of backends)
  test.skipIf(isMissing(backend))(
    `SIGTERM on ${backend}: calls in flight are finished and recorded, nothing more is claimed, the rest stays sealed`,
    async () => {
      sandbox.plan({ kind: 'slow', ms: 9_000, accept: 'after', times: 1_000 })
      await insertDueLeads(service.ctx, 2_000, 'lesson-1', new Date())
      const worker = nurture(['start', '--role', 'worker'], {
        ...surroundings(backend),
        SEND_CONCURRENCY: '2',
        SEND_REQUESTS_PER_SECOND: '16',
      })
      const before = await atRest()
      // As many more as two calls ahead. Rounds that look at the same moment fill the same room: two lanes and a tick.
      expect(before.sealed).toBeGreaterThanOrEqual(4)
      expect(before.sealed).toBeLessThanOrEqual(2 + 3 * 2)
      // On a busy machine some calls have ended before.
      const accepted = (before.accepted ?? 0) + 2
      const began = Date.now()
      const { code, stderr } = await worker.stop('SIGTERM')
      expect([code, stderr]).toEqual([0, ''])
      expect(Date.now() - began).toBeLessThan(20_000)
      const sealed = before.sealed!
      expect(await statuses()).toEqual({ accepted, sealed })
      expect(sandbox.emails()).toHaveLength(100 * accepted)
      const { rows } = await service.ctx.db.execute(
        sql`select status, count(*)::int as n from deliveries group by 1 order by 1`,
      )
      expect(rows).toEqual([
        // Each that was sent has its next step waiting.
        { status: 'waiting', n: 2_000 - 100 * sealed },
        { status: 'sealed', n: 100 * sealed },
        { status: 'sent', n: 100 * accepted },
      ])

      // Another worker takes up what was left, and sends nothing twice.
      sandbox.clearFaults()
      const next = nurture(['start', '--role', 'worker'], {
        ...surroundings(backend),
      })
      await expect.poll(() => sandbox.emails().length, { timeout: 90_000 }).toBe(2_000)
      await sleep(500)
      await next.stop('SIGTERM')
      expect(new Set(sandbox.emails().flatMap(({ to }) => to)).size).toBe(2_000)
      expect(sandbox.emails()).toHaveLength(2_000)
    },
    240_000,
  )

for (const backend of backends)
  test.skipIf(isMissing(backend))(
    `SIGTERM on ${backend}: a caller of the web who is slow does not keep the worker taking up mail`,
    async () => {
      await insertDueLeads(service.ctx, 6_000, 'lesson-1', new Date())
      const all = nurture(['start'], {
        ...surroundings(backend),
        PORT: String(await freePort()),
        SEND_REQUESTS_PER_SECOND: '8',
      })
      const port = Number(await all.saw(/Health: +http:\/\/127\.0\.0\.1:(\d+)/))
      await expect.poll(() => sandbox.emails().length, { timeout: 60_000 }).toBeGreaterThan(200)
      const caller = connect(port, '127.0.0.1')
      caller.on('error', () => {})
      caller.write('POST /hooks/resend HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{')
      await sleep(200)
      const before = sandbox.emails().length
      const { code, stderr } = await all.stop('SIGTERM')
      caller.destroy()
      expect([code, stderr]).toEqual([0, ''])
      // What was in flight, and no more: in the seconds until the caller is cut off forty envelopes would go out.
      expect(sandbox.emails().length - before).toBeLessThanOrEqual(1_000)
    },
    240_000,
  )
