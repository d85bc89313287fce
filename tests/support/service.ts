import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { inject } from 'vitest'
import { type RunningWorker, startWorker } from '../../jobs/worker.ts'
import { freePort } from '../../src/cli/free-port.ts'
import { createLog, openService, type Service } from '../../src/cli/wire.ts'
import { readConfig } from '../../src/config.ts'
import type { Context } from '../../src/context.ts'
import { createLapseClock, type LapseClock } from '../../src/demo/lapse-clock.ts'
import { createApp } from '../../src/http/app.ts'
import { listen } from '../../src/http/server.ts'
import { type Sandbox, startSandbox } from '../../src/mail/sandbox/sandbox.ts'
import { isIdle } from '../../src/store/idle.ts'
import { ensureSource, type NewSource, type Source } from '../../src/store/sources.ts'
import { createTestDatabase } from './database.ts'

export type Backend = 'postgres' | 'redis'

/** Every queue test runs on both; on Redis only where there is one, and the run says so. */
export const backends: readonly Backend[] = ['postgres', 'redis']
export const isMissing = (backend: Backend) => backend === 'redis' && inject('redisUrl') === null

export type TestService = Service & {
  clock: LapseClock
  sandbox: Sandbox
  databaseUrl: string
  /** Where its HTTP server listens. */
  baseUrl: string
  calendlySecret: string
  addSource(source: Partial<NewSource>): Promise<Source>
  startWorker(): Promise<RunningWorker>
  /** Resolves when nothing is due, in flight or pending. */
  idle(): Promise<void>
  stop(): Promise<void>
}

/** A Wednesday, 10:00 in the sample clinic's zone. */
export const testStart = new Date('2026-03-04T15:00:00Z')

/** The whole service on a database and a sandbox of its own, without a worker until one is started. */
export async function createTestService(
  options: { backend?: Backend; env?: Record<string, string>; overrides?: Partial<Context> } = {},
): Promise<TestService> {
  const database = await createTestDatabase()
  const clock = createLapseClock(testStart)
  const calendlySecret = randomBytes(24).toString('base64url')
  const config = readConfig(
    {
      PORT: String(await freePort()),
      DATABASE_POOL: '8',
      SEND_REQUESTS_PER_SECOND: '1000',
      CALENDLY_SIGNING_KEYS: calendlySecret,
      // Every form of a test comes from one connection.
      FORM_LIMIT_IP_MINUTE: '0',
      FORM_LIMIT_IP_HOUR: '0',
      FORM_LIMIT_ADDRESS_HOUR: '0',
      ...(options.backend === 'redis' ? { REDIS_URL: inject('redisUrl')! } : {}),
      ...options.env,
    },
    () => ({
      appSecret: randomBytes(32).toString('base64url'),
      resendWebhookSecret: `whsec_${randomBytes(32).toString('base64')}`,
    }),
  )
  const webhook = { url: `${config.publicUrl}/hooks/resend`, secret: config.resend.webhookSecrets[0]! }
  const sandbox = await startSandbox({ now: clock.now, requestsPerSecond: 0, webhook })
  const service = await openService(
    {
      config,
      databaseUrl: database.url,
      resendUrl: sandbox.url,
      log: createLog(process.env.TEST_LOG ?? 'silent'),
      queuePrefix: `{test-${randomUUID()}}`,
    },
    { clock, ...options.overrides },
  )
  const server = await listen(createApp(service.ctx), config.http.host, config.http.port)
  const workers: RunningWorker[] = []
  return {
    ...service,
    clock,
    sandbox,
    databaseUrl: database.url,
    baseUrl: config.publicUrl,
    calendlySecret,
    addSource: (source) =>
      ensureSource(service.ctx.db, {
        slug: 'website',
        name: 'Website',
        adapter: 'html-form',
        secrets: [],
        sequence: 'back-spasms',
        createdAt: clock.now(),
        ...source,
      }),
    async startWorker() {
      const worker = await startWorker(service.ctx, service.queues)
      workers.push(worker)
      return worker
    },
    async idle() {
      const giveUp = Date.now() + 20_000
      for (;;) {
        await sandbox.settle()
        if (await isIdle(service.ctx.db, clock.now())) return
        if (Date.now() > giveUp) throw new Error('The service did not come to rest in 20 s')
        await sleep(10)
      }
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.close()))
      await server.close()
      await service.close()
      await sandbox.close()
      await database.drop()
    },
  }
}
