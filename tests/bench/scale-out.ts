import { sql } from 'drizzle-orm'
import { createLapseClock } from '../../src/demo/lapse-clock.ts'
import { createBenchDatabase } from './support/bench-database.ts'
import { openBenchService } from './support/bench-service.ts'
import { insertDueLeads } from './support/due-leads.ts'
import { needRedis } from './support/need-redis.ts'
import { option, spread } from './support/report.ts'
import { startStandIn } from './support/stand-in-process.ts'
import { untilIdle } from './support/until-idle.ts'
import { startWorkerProcess } from './support/worker-process.ts'

/**
 * 1, 4 and 16 worker processes on one PostgreSQL and one Redis, with the rate limit lifted: how many mails a second
 * they bring to a stand-in that answers after 80 ms, and that none goes out twice.
 * `npm run bench:scale-out -- --mails 20000 --rounds 3`
 */
const mails = option('mails', 20_000)
const rounds = option('rounds', 3)
const start = new Date('2026-03-04T15:00:00Z')
const redisUrl = await needRedis()
/** As the README says: a hundred connections of PostgreSQL are enough for all of them. */
const sizes = [
  { workers: 1, concurrency: 8, pool: 16 },
  { workers: 4, concurrency: 8, pool: 12 },
  { workers: 16, concurrency: 2, pool: 4 },
]

async function run({ workers, concurrency, pool }: (typeof sizes)[number]) {
  const prefix = `{bench-${process.pid}-${workers}-${Date.now()}}`
  const env = { REDIS_URL: redisUrl, SEND_REQUESTS_PER_SECOND: '1000', SEND_CONCURRENCY: String(concurrency) }
  const standIn = await startStandIn(80)
  const database = await createBenchDatabase('scale_out')
  const clock = createLapseClock(start)
  const service = await openBenchService({ databaseUrl: database.url, env, prefix }, { clock })
  const settings = {
    databaseUrl: database.url,
    resendUrl: standIn.url,
    prefix,
    env: { ...env, DATABASE_POOL: String(pool) },
    start: start.toISOString(),
  }
  const processes = []
  try {
    for (let count = 0; count < workers; count++) processes.push(await startWorkerProcess(settings))
    // One envelope and more for each, so that compiled mails, connections and plans are warm.
    const warm = workers * 400
    await insertDueLeads(service.ctx, warm, 'lesson-3', start)
    service.ctx.wake()
    await untilIdle(service.ctx)
    await insertDueLeads(service.ctx, mails, 'lesson-3', start)
    const began = performance.now()
    service.ctx.wake()
    await untilIdle(service.ctx)
    const rate = mails / ((performance.now() - began) / 1_000)
    const { items, calls, keys } = await standIn.taken()
    const { rows } = await service.ctx.db.execute<{ sent: number; next: number; connections: number }>(sql`
      select (select count(*)::int from deliveries where step = 'lesson-3' and accepted_at is not null) as sent,
        (select count(*)::int from deliveries where step = 'lesson-4' and status = 'waiting') as next,
        (select count(*)::int from pg_stat_activity where datname = current_database()) as connections`)
    const all = mails + warm
    if (items !== all || calls !== keys || rows[0]!.sent !== all || rows[0]!.next !== all)
      throw new Error(
        `Of ${all}: ${items} taken in ${calls} calls of ${keys} envelopes, ${rows[0]!.sent} sent, ${rows[0]!.next} planned`,
      )
    return { rate, connections: rows[0]!.connections }
  } finally {
    await Promise.all(processes.map((one) => one.stop()))
    await service.close()
    await database.close()
    standIn.stop()
  }
}

const rates = sizes.map(() => [] as number[])
for (let round = 1; round <= rounds; round++) {
  for (const [index, size] of sizes.entries()) {
    const { rate, connections } = await run(size)
    rates[index]!.push(rate)
    console.log(
      `  round ${round}, ${size.workers} workers: ${rate.toFixed(0)} mails a second, none twice, ${connections} connections`,
    )
  }
}
for (const [index, size] of sizes.entries()) {
  const ratio = rates[index]!.map((rate, round) => rate / rates[0]![round]!)
  console.log(
    `${size.workers} workers over one: ${spread(ratio)}   for information, mails a second: ${spread(rates[index]!, 0)}`,
  )
}
