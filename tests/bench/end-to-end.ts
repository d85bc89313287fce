import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { Queue, Worker } from 'bullmq'
import { sql } from 'drizzle-orm'
import { Redis } from 'ioredis'
import { templates } from '../../emails/index.ts'
import { startWorker } from '../../jobs/worker.ts'
import { createLog, openService, type Service } from '../../src/cli/wire.ts'
import { readConfig } from '../../src/config.ts'
import { createLapseClock } from '../../src/demo/lapse-clock.ts'
import { recordResult } from '../../src/actions/record-result.ts'
import { encodeMail } from '../../src/mail/encode-mail.ts'
import { addressMail, sealEnvelope } from '../../src/mail/envelope.ts'
import { renderDirect } from '../../src/mail/render-direct.ts'
import { startAttempt } from '../../src/store/attempts.ts'
import { inTransaction } from '../../src/store/db.ts'
import { sealDispatches } from '../../src/store/dispatches.ts'
import { isIdle } from '../../src/store/idle.ts'
import { newId } from '../../src/store/new-id.ts'
import { createBenchDatabase } from './support/bench-database.ts'
import { insertDueLeads } from './support/due-leads.ts'
import { needRedis } from './support/need-redis.ts'
import { report } from './support/report.ts'

/**
 * From due rows to accepted mail and the next step planned, against two measures taken in the same run: one BullMQ
 * job, one React render and one call a mail that writes the same rows, each side at its best concurrency; and a bare
 * loop of body and fetch, both eight at a time.
 */
const mails = Number(process.argv[2] ?? 30_000)
const rounds = Number(process.argv[3] ?? 3)
const warmUp = 2_000
const redisUrl = await needRedis()
const start = new Date('2026-03-04T15:00:00Z')
const secret = 'x'.repeat(48)

const standIn = fork(fileURLToPath(new URL('support/stand-in.ts', import.meta.url)), ['80'], {
  execArgv: ['--import', 'tsx'],
})
const [{ port }] = (await once(standIn, 'message')) as [{ port: number }]
const resendUrl = `http://127.0.0.1:${port}`

async function withService<T>(
  name: string,
  env: Record<string, string>,
  work: (s: Service) => Promise<T>,
): Promise<T> {
  const database = await createBenchDatabase(name)
  const config = readConfig({ APP_SECRET: secret, SEND_REQUESTS_PER_SECOND: '1000', ...env }, () => ({
    appSecret: secret,
    resendWebhookSecret: 'whsec_eA==',
  }))
  const prefix = `{bench-${Date.now()}}`
  const service = await openService(
    { config, databaseUrl: database.url, resendUrl, log: createLog('warn'), queuePrefix: prefix },
    { clock: createLapseClock(start) },
  )
  try {
    return await work(service)
  } finally {
    await service.close()
    await database.close()
  }
}

/** Mails a second from the first tick to the last record. */
async function engine(env: Record<string, string>): Promise<{ rate: number; delayP99: number }> {
  return withService('engine', env, async (service) => {
    const { ctx, queues } = service
    // A round first: connections, compiled mails and plans are warm in a service that runs.
    await insertDueLeads(ctx, warmUp, 'lesson-3', start)
    const worker = await startWorker(ctx, queues)
    while (!(await isIdle(ctx.db, ctx.clock.now()))) await sleep(20)
    await insertDueLeads(ctx, mails, 'lesson-3', start)
    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    const began = performance.now()
    ctx.wake()
    while (!(await isIdle(ctx.db, ctx.clock.now()))) await sleep(20)
    const seconds = (performance.now() - began) / 1_000
    delay.disable()
    await worker.close()
    const { rows } = await ctx.db.execute<{ n: number }>(
      sql`select count(*)::int as n from deliveries where step = 'lesson-4' and status = 'waiting'`,
    )
    if (rows[0]!.n !== mails + warmUp)
      throw new Error(`planned ${rows[0]!.n} next steps of ${mails + warmUp}`)
    return { rate: mails / seconds, delayP99: delay.percentile(99) / 1e6 }
  })
}

const bytesOf = (pieces: string[]) => Buffer.from(pieces.join(''), 'latin1')

/** The usual way: a job a mail, which renders with React, calls the provider and writes the same rows. */
async function oneByOne(count: number, concurrency: number): Promise<number> {
  return withService('baseline', { REDIS_URL: redisUrl, DATABASE_POOL: '32' }, async ({ ctx }) => {
    await insertDueLeads(ctx, count, 'lesson-3', start)
    const { rows } = await ctx.db.execute<{ id: string; email: string }>(
      sql`select d.id, l.email from deliveries d join leads l on l.id = d.lead_id`,
    )
    const connection = new Redis(redisUrl, { maxRetriesPerRequest: null })
    const prefix = `{baseline-${Date.now()}}`
    const queue = new Queue('mail', { connection, prefix })
    const template = templates['four-patterns']
    let done = 0
    let allDone = () => {}
    const all = new Promise<void>((resolve) => (allDone = resolve))
    const worker = new Worker<{ id: string; email: string }>(
      'mail',
      async ({ data }) => {
        const unsubscribeUrl = ctx.links.unsubscribe(data.id)
        const mail = await renderDirect(template, template.defaults, {
          brand: ctx.config.brand,
          firstName: 'Pat',
          bookingUrl: ctx.links.booking(data.id),
          unsubscribeUrl,
          callMeUrl: ctx.links.callMe(data.id),
          confirmUrl: ctx.links.confirm(data.id),
          topical: false,
          part: 3,
          parts: 7,
        })
        const to = {
          email: data.email,
          deliveryId: data.id,
          step: 'lesson-3',
          unsubscribeUrl,
          replyAddress: ctx.links.replyAddress(data.id),
        }
        const body = sealEnvelope([addressMail(encodeMail(mail), to, ctx.config.brand)])
        const id = newId()
        const deliveryIds = [data.id]
        const sealed = { id, deliveryIds, body, first: false, sendBy: null, sealedAt: start }
        await inTransaction(ctx.db, (tx) => sealDispatches(tx, [sealed]))
        const judged = { id, fence: 0, dirty: false, moved: false, proven: false }
        const attempt = await startAttempt(ctx.db, judged, start, ctx.config.sending.leaseMs, body)
        const result = await ctx.mailer.sendBatch(id, attempt!.body)
        await recordResult(ctx, { id, fence: attempt!.fence, deliveryIds }, result)
        if (++done === count) allDone()
      },
      { connection, prefix, concurrency },
    )
    const began = performance.now()
    await queue.addBulk(rows.map((data) => ({ name: 'mail', data, opts: { removeOnComplete: true } })))
    await all
    const rate = count / ((performance.now() - began) / 1_000)
    const { rows: written } = await ctx.db.execute<{ n: number }>(
      sql`select count(*)::int as n from attempts a join dispatches s on s.id = a.dispatch_id
        join deliveries d on d.dispatch_id = s.id join deliveries next using (enrollment_id)
        where a.outcome = 'accepted' and s.status = 'accepted' and d.status = 'sent' and next.step = 'lesson-4'`,
    )
    if (written[0]!.n !== count) throw new Error(`one by one wrote ${written[0]!.n} of ${count}`)
    await worker.close()
    await queue.close()
    connection.disconnect()
    return rate
  })
}

/** Bodies of a hundred, as large as the engine's, built and sent eight at a time with no queue and no database. */
async function bareLoop(): Promise<number> {
  const { brand } = readConfig({ APP_SECRET: secret }, () => ({
    appSecret: secret,
    resendWebhookSecret: 'whsec_eA==',
  }))
  const template = templates['four-patterns']
  const unsubscribeUrl = `https://nurture.example/u/${'x'.repeat(43)}`
  const mail = await renderDirect(template, template.defaults, {
    brand,
    firstName: 'Pat',
    bookingUrl: brand.bookingUrl,
    unsubscribeUrl,
    callMeUrl: unsubscribeUrl,
    confirmUrl: unsubscribeUrl,
    topical: false,
    part: 3,
    parts: 7,
  })
  const to = {
    email: 'pat@bench.example',
    deliveryId: randomUUID(),
    step: 'lesson-3',
    unsubscribeUrl,
    replyAddress: null,
  }
  const item = addressMail(encodeMail(mail), to, brand)
  let left = Math.ceil(mails / 100)
  const began = performance.now()
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (left-- > 0) {
        const body = bytesOf(sealEnvelope(Array.from({ length: 100 }, () => item)))
        const answer = await fetch(`${resendUrl}/emails/batch`, {
          method: 'POST',
          body,
        })
        await answer.json()
      }
    }),
  )
  return mails / ((performance.now() - began) / 1_000)
}

const onRedis: number[] = []
const atBest: number[] = []
const onPostgres: number[] = []
const baseline: number[] = []
const bare: number[] = []
const delays: number[] = []
// The first round warms up: a service that runs has its code compiled.
for (let round = 0; round <= rounds; round++) {
  const redis = await engine({ REDIS_URL: redisUrl })
  const wider = await engine({ REDIS_URL: redisUrl, SEND_CONCURRENCY: '12' })
  const postgres = await engine({})
  const tried = []
  for (const concurrency of [8, 16, 32]) tried.push(await oneByOne(600, concurrency))
  const loop = await bareLoop()
  if (round === 0) continue
  onRedis.push(redis.rate)
  atBest.push(Math.max(redis.rate, wider.rate))
  delays.push(redis.delayP99)
  onPostgres.push(postgres.rate)
  baseline.push(Math.max(...tried))
  bare.push(loop)
  console.log(
    `round ${round}: engine ${redis.rate.toFixed(0)} (Redis), ${wider.rate.toFixed(0)} (twelve in flight), ` +
      `${postgres.rate.toFixed(0)} (PostgreSQL), one by one ${baseline.at(-1)!.toFixed(0)}, bare loop ${loop.toFixed(0)} mails/s`,
  )
}
const ratio = (a: number[], b: number[]) => a.map((value, index) => value / b[index]!)
report('engine over one job, render and call a mail', ratio(atBest, baseline), { atLeast: 50 }, 1)
report('engine over a bare loop', ratio(onRedis, bare), { atLeast: 0.6 })
report('PostgreSQL backend over Redis backend', ratio(onPostgres, onRedis), { atLeast: 0.95 })
report('event-loop delay p99, ms', delays, { atMost: 70 }, 0)
standIn.kill()
