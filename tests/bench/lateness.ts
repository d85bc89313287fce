import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { freePort } from '../../src/cli/free-port.ts'
import { realClock } from '../../src/cli/wire.ts'
import type { Context } from '../../src/context.ts'
import { type Sandbox, startSandbox } from '../../src/mail/sandbox/sandbox.ts'
import { createBenchDatabase } from './support/bench-database.ts'
import { openBenchService } from './support/bench-service.ts'
import { insertDueLeads } from './support/due-leads.ts'
import { needRedis } from './support/need-redis.ts'
import { option, quantile, report } from './support/report.ts'

/**
 * How late 1,000 mails go out that fall due over a minute: the whole service as `npm start` runs it, the sandbox with
 * Resend's limit of 10 calls a second in its place, real clocks. On Redis, then on PostgreSQL.
 * `npm run bench:lateness -- --mails 1000 --seconds 60 --rounds 3`
 */
const mails = option('mails', 1_000)
const seconds = option('seconds', 60)
const rounds = option('rounds', 3)
const redisUrl = await needRedis()
const secrets = { APP_SECRET: 'x'.repeat(48), RESEND_WEBHOOK_SECRETS: `whsec_${'x'.repeat(32)}` }

/** Runs the service until `work` is done. */
async function withService(env: Record<string, string>, work: () => Promise<void>): Promise<void> {
  // Nothing of the caller's own settings: only what is given here counts.
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'start'], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', LOG_LEVEL: 'error', ...secrets, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  try {
    const lines = createInterface({ input: child.stdout })
    await new Promise<void>((resolve, reject) => {
      lines.on('line', (line) => line.startsWith('Ready') && resolve())
      child.once('exit', () => reject(new Error('The service ended')))
    })
    await work()
  } finally {
    child.kill('SIGTERM')
    await ended
  }
}

/** Seconds from due to accepted, one for each mail. */
async function lateness(ctx: Context, sandbox: Sandbox): Promise<number[]> {
  const from = new Date(Date.now() + 2_000)
  // Of a step without a window, since these are real minutes; spread evenly.
  await insertDueLeads(ctx, mails, 'lesson-1', from)
  await ctx.db.execute(sql`
    update deliveries d set due_at = ${from}::timestamptz + (at.number - 1) * ${(seconds * 1_000) / mails} * interval '1 millisecond'
    from (select id, row_number() over (order by id) as number from deliveries where step = 'lesson-1' and status = 'waiting') at
    where at.id = d.id`)
  const { rows } = await ctx.db.execute<{ email: string; due: string }>(sql`
    select l.email, d.due_at as due from deliveries d join leads l on l.id = d.lead_id
    where d.step = 'lesson-1' and d.status = 'waiting'`)
  const dueAt = new Map(rows.map(({ email, due }) => [email, Date.parse(due)]))
  if (dueAt.size !== mails) throw new Error(`${dueAt.size} of ${mails} wait`)
  const giveUp = from.getTime() + seconds * 1_000 + 60_000
  const accepted = () => sandbox.emails().filter(({ to }) => dueAt.has(to[0]!))
  while (accepted().length < mails && Date.now() < giveUp) await sleep(250)
  if (accepted().length !== mails) throw new Error(`${accepted().length} of ${mails} were accepted`)
  return accepted().map(({ to, acceptedAt }) => (Date.parse(acceptedAt) - dueAt.get(to[0]!)!) / 1_000)
}

const results: Record<string, number[][]> = { Redis: [], PostgreSQL: [] }
for (let round = 1; round <= rounds; round++) {
  for (const backend of ['Redis', 'PostgreSQL']) {
    const database = await createBenchDatabase('lateness')
    const sandbox = await startSandbox({})
    const port = String(await freePort())
    const env = { DATABASE_URL: database.url, RESEND_BASE_URL: sandbox.url, PORT: port }
    const service = await openBenchService({ databaseUrl: database.url }, { clock: realClock })
    const queues = backend === 'Redis' ? { REDIS_URL: redisUrl } : {}
    try {
      await withService({ ...env, ...queues } as Record<string, string>, async () => {
        const late = await lateness(service.ctx, sandbox)
        results[backend]!.push(late)
        console.log(
          `  round ${round}, ${backend}: p50 ${quantile(late, 0.5).toFixed(2)} s, p99 ${quantile(late, 0.99).toFixed(2)} s, ` +
            `${sandbox.attempts().length} calls`,
        )
      })
    } finally {
      await service.close()
      await sandbox.close()
      await database.close()
    }
  }
}
for (const [backend, each] of Object.entries(results)) {
  const at = (part: number) => each.map((late) => quantile(late, part))
  report(`lateness of ${mails} over ${seconds} s, p50, ${backend}, s`, at(0.5), { atMost: 1 })
  report(`lateness of ${mails} over ${seconds} s, p99, ${backend}, s`, at(0.99), { atMost: 2 })
}
