import { randomUUID } from 'node:crypto'
import { createLog, openService } from '../../../src/cli/wire.ts'
import { readConfig } from '../../../src/config.ts'
import { createApp } from '../../../src/http/app.ts'
import { listen } from '../../../src/http/server.ts'
import { ensureSource } from '../../../src/store/sources.ts'

/**
 * The web role of the service in a process of its own, twice: as it is, and with the database left out, where a
 * capture that was verified, read and mapped is answered at once. Sends the ports of both.
 */
export type ServerOptions = { databaseUrl: string; redisUrl: string | null; slug: string; secret: string }
export type ServerPorts = { whole: number; bare: number }

const options = JSON.parse(process.env.BENCH_SERVER!) as ServerOptions
const secret = 'x'.repeat(48)
const config = readConfig(
  { APP_SECRET: secret, ...(options.redisUrl ? { REDIS_URL: options.redisUrl } : {}) },
  () => ({ appSecret: secret, resendWebhookSecret: 'whsec_eA==' }),
)
const { ctx } = await openService({
  config,
  databaseUrl: options.databaseUrl,
  resendUrl: 'http://127.0.0.1:1',
  log: createLog('warn'),
  queuePrefix: `{bench-${randomUUID()}}`,
})
await ensureSource(ctx.db, {
  slug: options.slug,
  name: 'Bench',
  adapter: 'standard-webhooks',
  secrets: [options.secret],
  sequence: 'back-spasms',
  createdAt: ctx.clock.now(),
})
const bare = {
  ...ctx,
  captures: {
    add: async () => ({
      captureId: randomUUID(),
      status: 'mapped' as const,
      leadId: randomUUID(),
      duplicate: false,
    }),
  },
}
const ports: ServerPorts = {
  whole: (await listen(createApp(ctx), '127.0.0.1', 0)).port,
  bare: (await listen(createApp(bare), '127.0.0.1', 0)).port,
}
process.on('disconnect', () => process.exit(0))
process.on('message', () => process.send!(process.cpuUsage()))
process.send!(ports)
