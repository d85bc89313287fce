import { appendFileSync } from 'node:fs'
import { startWorker } from '../../jobs/worker.ts'
import { eraseLead } from '../../src/actions/erase-lead.ts'
import { markBooked } from '../../src/actions/mark-booked.ts'
import { createLog, openService } from '../../src/cli/wire.ts'
import { readConfig } from '../../src/config.ts'
import { createApp } from '../../src/http/app.ts'
import { listen } from '../../src/http/server.ts'
import { type SettleChoice, settleDelivery } from '../../src/actions/settle-delivery.ts'
import { createResendMailer } from '../../src/mail/resend-mailer.ts'
import { sequences } from '../../src/sequences/index.ts'
import { holidays } from './calendar.ts'
import { type Armed, installKillSwitch, type KillPoint, lastStatement, type Slow } from './kill-points.ts'
import { readSharedClock } from './shared-clock.ts'

/** All that a child is told, as JSON in CRASH_WORKER. */
export type WorkerOptions = {
  databaseUrl: string
  redisUrl: string | null
  resendUrl: string
  publicUrl: string
  appSecret: string
  webhookSecret: string
  queuePrefix: string
  clockFile: string
  /** Children with different names would render different bytes. */
  clinicName: string
  /** How many steps of the sequence are played. */
  steps: number
  armed: Armed
  /** Where a child that kills itself says at which point. */
  diary: string
  /** Longest pause before a watched statement: widens the gaps that races need. */
  jitterMs: number
  slow: Slow | null
}

/** A start that takes longer hangs, on the busiest of machines. */
const startMs = 90_000
/** A stop that takes longer is none: container runtimes kill after 10 to 40 s. */
const stopMs = 35_000

const options = JSON.parse(process.env.CRASH_WORKER!) as WorkerOptions

process.on('uncaughtException', (error) => {
  appendFileSync(options.diary, `fell: ${error.stack?.split('\n').slice(0, 6).join(' | ')}\n`)
  process.exit(70)
})
// The parent is gone: nobody would ever end this child.
process.on('disconnect', () => process.exit(0))

/** One process of the service, web and worker in one, with its leases shortened so that a run takes minutes. */
async function work(): Promise<void> {
  const { jitterMs, slow } = options
  let opening = 'database and queues'
  const starting = setTimeout(() => {
    const where = `opening its ${opening}, after "${lastStatement().slice(0, 120)}"`
    appendFileSync(options.diary, `fell: did not start within ${startMs / 1_000} s, ${where}\n`)
    process.exit(73)
  }, startMs)
  const pauseMs = (points: readonly KillPoint[]) => {
    if (slow && points.includes(slow.at)) return Math.random() < slow.share ? slow.ms : 0
    return jitterMs > 0 && Math.random() < 0.3 ? Math.random() * jitterMs : 0
  }
  const killSwitch = installKillSwitch(options.armed, options.diary, pauseMs)
  const config = readConfig(
    {
      PUBLIC_URL: options.publicUrl,
      APP_SECRET: options.appSecret,
      RESEND_WEBHOOK_SECRETS: options.webhookSecret,
      CLINIC_NAME: options.clinicName,
      CLINIC_HOLIDAYS: holidays,
      DATABASE_POOL: '8',
      SEND_CONCURRENCY: '4',
      SEND_REQUESTS_PER_SECOND: '1000',
      FORM_LIMIT_IP_MINUTE: '0',
      FORM_LIMIT_IP_HOUR: '0',
      FORM_LIMIT_ADDRESS_HOUR: '0',
      ...(options.redisUrl ? { REDIS_URL: options.redisUrl } : {}),
    },
    () => {
      throw new Error('the parent gives every secret')
    },
  )
  config.sending.timeoutMs = 1_000
  config.sending.leaseMs = 2_000
  const [first, ...rest] = sequences['back-spasms']!.steps
  const service = await openService(
    {
      config,
      databaseUrl: options.databaseUrl,
      resendUrl: options.resendUrl,
      log: createLog(process.env.CRASH_LOG ?? 'silent'),
      queuePrefix: options.queuePrefix,
    },
    {
      clock: readSharedClock(options.clockFile),
      sequences: {
        'back-spasms': { key: 'back-spasms', steps: [first, ...rest.slice(0, options.steps - 1)] },
      },
      mailer: killSwitch.mailer(
        createResendMailer({
          apiKey: config.resend.apiKey,
          baseUrl: options.resendUrl,
          timeoutMs: config.sending.timeoutMs,
          now: () => new Date(),
          awaitTurn: async () => {},
        }),
      ),
    },
  )
  const { ctx } = service
  const app = createApp(ctx)
  // What the front desk does by hand; here the parent does it, through whichever child answers.
  app.post('/crash/book/:leadId', async (c) => {
    await markBooked(ctx, { leadId: c.req.param('leadId'), actor: 'crash' })
    return c.json({ done: true })
  })
  app.post('/crash/erase/:email', async (c) => {
    await eraseLead(ctx, { email: c.req.param('email'), actor: 'crash' })
    return c.json({ done: true })
  })
  app.post('/crash/settle/:id/:choice', async (c) => {
    const { id, choice } = c.req.param()
    await settleDelivery(ctx, { deliveryId: id, choice: choice as SettleChoice, actor: 'crash' })
    return c.json({ done: true })
  })
  opening = 'server'
  const server = await listen(app, '127.0.0.1', 0)
  opening = 'worker'
  const worker = await startWorker(ctx, killSwitch.queues(service.queues))
  process.once('SIGTERM', () => {
    let closing = 'worker'
    setTimeout(() => {
      appendFileSync(options.diary, `fell: did not stop within ${stopMs / 1_000} s, closing its ${closing}\n`)
      process.exit(72)
    }, stopMs)
    void (async () => {
      await worker.close()
      closing = 'server'
      await server.close()
      closing = 'service'
      await service.close()
      process.exit(0)
    })()
  })
  clearTimeout(starting)
  process.send!({ port: server.port })
}

work().catch((error: Error) => {
  // PostgreSQL may be away at this very moment: the parent starts another child.
  console.error(error)
  process.exit(71)
})
