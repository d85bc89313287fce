import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { startWorker } from '../../jobs/worker.ts'
import { createLapseClock } from '../../src/demo/lapse-clock.ts'
import { createApp } from '../../src/http/app.ts'
import { listen } from '../../src/http/server.ts'
import { ensureSource } from '../../src/store/sources.ts'
import { startOwnRedis } from '../crash/own-redis.ts'
import { createBenchDatabase } from './support/bench-database.ts'
import { openBenchService } from './support/bench-service.ts'
import { insertDueLeads } from './support/due-leads.ts'
import { option, report } from './support/report.ts'
import { startStandIn } from './support/stand-in-process.ts'
import { untilIdle } from './support/until-idle.ts'

/**
 * What Redis holds more after 100,000 leads were enrolled and got their first mail. The first twenty come through
 * the webhook, the others by SQL that writes the same rows, while ticks and a worker run and send to all of them.
 * `npm run bench:redis-memory -- --leads 100000`
 */
const leads = option('leads', 100_000)
const byForm = 20
const part = 9_998
const start = new Date('2026-03-04T15:00:00Z')

const redis = await startOwnRedis()
if (!redis) {
  console.error('!! DID NOT RUN: this needs redis-server on the path.')
  process.exit(1)
}
const client = new Redis(redis.url)
const standIn = await startStandIn(5)
const database = await createBenchDatabase('redis_memory')
const service = await openBenchService(
  {
    databaseUrl: database.url,
    resendUrl: standIn.url,
    env: {
      REDIS_URL: redis.url,
      SEND_REQUESTS_PER_SECOND: '1000',
      // All forms come from one connection.
      FORM_LIMIT_IP_MINUTE: '0',
      FORM_LIMIT_IP_HOUR: '0',
    },
  },
  { clock: createLapseClock(start) },
)
const { ctx } = service
const worker = await startWorker(ctx, service.queues)

async function usedBytes(): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await client.info('memory'))![1])
}

/** What is left once nothing is under way any more. */
async function atRest(): Promise<number> {
  await untilIdle(ctx)
  await sleep(2_000)
  return usedBytes()
}

async function enrollByForm(count: number): Promise<void> {
  const server = await listen(createApp(ctx), '127.0.0.1', 0)
  for (let sent = 0; sent < count; sent++) {
    const answer = await fetch(`http://127.0.0.1:${server.port}/hooks/leads/bench`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        submission_id: randomUUID(),
        consent: 'yes',
        email: `form-${sent}@bench.example`,
      }),
    })
    if (answer.status >= 400) throw new Error(`The form was answered with ${answer.status}`)
  }
  await server.close()
}

try {
  await ensureSource(ctx.db, {
    slug: 'bench',
    name: 'Bench',
    adapter: 'html-form',
    secrets: [],
    sequence: 'back-spasms',
    createdAt: start,
  })
  // Scripts, connections and the heartbeat are there before the first lead.
  await insertDueLeads(ctx, 100, 'lesson-1', start)
  ctx.wake()
  const before = await atRest()
  let peak = before
  const more: number[] = []
  for (let enrolled = 0; enrolled < leads;) {
    if (enrolled === 0) await enrollByForm(byForm)
    else await insertDueLeads(ctx, Math.min(part, leads - enrolled), 'lesson-1', start)
    enrolled = Math.min(leads, enrolled + (enrolled === 0 ? byForm : part))
    ctx.wake()
    const sampler = setInterval(() => void usedBytes().then((bytes) => (peak = Math.max(peak, bytes))), 100)
    more.push((await atRest()) - before)
    clearInterval(sampler)
    console.log(`  ${enrolled} enrolled: ${(more.at(-1)! / 1e3).toFixed(0)} kB more`)
  }
  const sent = (await standIn.taken()).items
  // The usual way, for comparison: a delayed job for each lead that waits.
  const queue = new Queue('delayed', { connection: client, prefix: '{usual}' })
  const lone = await usedBytes()
  const jobs = 10_000
  await queue.addBulk(
    Array.from({ length: jobs }, () => ({
      name: 'mail',
      data: { deliveryId: randomUUID() },
      opts: { delay: 86_400_000 },
    })),
  )
  const perJob = ((await usedBytes()) - lone) / jobs
  await queue.close()
  report(
    `Redis memory after enrolling ${leads} leads, less before, MB`,
    [more.at(-1)! / 1e6],
    { atMost: 1 },
    3,
  )
  console.log(
    `for information: ${sent} mails went out meanwhile; at its peak ${((peak - before) / 1e6).toFixed(1)} MB more`,
  )
  console.log(
    `  a delayed job a lead would hold ${perJob.toFixed(0)} bytes each, ${((perJob * leads) / 1e6).toFixed(0)} MB`,
  )
} finally {
  await worker.close()
  await service.close()
  client.disconnect()
  await redis.stop()
  await database.close()
  standIn.stop()
}
