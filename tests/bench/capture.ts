import { execFile, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { createBenchDatabase } from './support/bench-database.ts'
import type { LoadOrder, LoadReport } from './support/capture-load.ts'
import type { ServerOptions, ServerPorts } from './support/capture-server.ts'
import { needRedis } from './support/need-redis.ts'
import { report, reportUnmeasured, spread } from './support/report.ts'
import { singleLeadScript } from './support/single-lead.ts'

/**
 * Signed captures a second over 64 connections, against two floors of the same run: pgbench running one hand-written
 * statement a lead that writes the same rows, on the same PostgreSQL; and the same server with the database left out.
 * `node --import tsx tests/bench/capture.ts [seconds of a round] [rounds]`
 */
const seconds = Number(process.argv[2] ?? 6)
const rounds = Number(process.argv[3] ?? 5)
const connections = 64
const redisUrl = process.env.REDIS_URL ? await needRedis() : null
const slug = 'bench'
const secret = `whsec_${randomBytes(32).toString('base64')}`
const say = (line: string) => process.stdout.write(`${line}\n`)
const pieceOf = (name: string) => fileURLToPath(new URL(`support/${name}.ts`, import.meta.url))

const database = await createBenchDatabase('captures')
const admin = new pg.Client({ connectionString: database.url })
await admin.connect()
const settings: ServerOptions = { databaseUrl: database.url, redisUrl, slug, secret }
const server = fork(pieceOf('capture-server'), {
  execArgv: ['--import', 'tsx'],
  env: { ...process.env, NODE_ENV: 'production', BENCH_SERVER: JSON.stringify(settings) },
})
const [ports] = (await once(server, 'message')) as [ServerPorts]
const load = fork(pieceOf('capture-load'), { execArgv: ['--import', 'tsx'] })
const folder = await mkdtemp(join(tmpdir(), 'nurture-bench-'))

let tables = 0
/** The same tables before every round: twenty thousand leads, counted and on disk. */
async function refill(): Promise<void> {
  tables++
  await admin.query(
    // With whatever else tells of them.
    'truncate captures, alerts, leads, suppressions, provider_events cascade',
  )
  await admin.query(`
    with lead as (
      insert into leads (id, email, email_key, folded_key, first_name, time_zone, created_at, updated_at)
      select uuidv7(), key, key, key, 'Pat', 'America/New_York', now(), now()
      from (select 'known-' || n || '@bench.example' as key from generate_series(1, 20000) n) made returning id
    ), capture as (
      insert into captures (id, source_id, external_id, status, lead_id, received_at)
      select uuidv7(), s.id, 'id:' || lead.id, 'mapped', lead.id, now() from lead, sources s returning id, lead_id
    ), enrollment as (
      insert into enrollments (id, lead_id, source_id, sequence, definition_hash, status, topical, started_at)
      select uuidv7(), lead_id, s.id, 'back-spasms', d.hash, 'active', false, now()
      from capture, sources s, (select min(hash) as hash from sequence_definitions where sequence = 'back-spasms') d
      returning id, lead_id
    )
    insert into deliveries (id, enrollment_id, lead_id, step, status, first, due_at, group_limit, created_at)
    select uuidv7(), id, lead_id, 'lesson-1', 'waiting', true, now(), 100, now() from enrollment`)
  await admin.query('vacuum analyze')
  await admin.query('checkpoint')
}

async function run(port: number, forSeconds = seconds): Promise<LoadReport & { serverMicros: number }> {
  const order: LoadOrder = {
    port,
    path: `/hooks/leads/${slug}`,
    secret,
    connections,
    seconds: forSeconds,
    requests: forSeconds * 20_000,
    round: String(tables),
  }
  const before = await cpuOf()
  load.send(order)
  const [answered] = (await once(load, 'message')) as [LoadReport]
  return { ...answered, serverMicros: ((await cpuOf()) - before) / answered.captures }
}

/** Processor time of the server process so far, in microseconds. */
async function cpuOf(): Promise<number> {
  server.send('cpu')
  const [{ user, system }] = (await once(server, 'message')) as [NodeJS.CpuUsage]
  return user + system
}

/** Captures as the service takes them, and proof that what it said is stored is. */
async function whole() {
  await refill()
  const answered = await run(ports.whole)
  const { rows } = await admin.query<{ n: number }>(
    `select count(*)::int as n from captures c join consents using (lead_id) join enrollments e using (lead_id)
     join deliveries d on d.enrollment_id = e.id join alerts a on a.capture_id = c.id`,
  )
  if (rows[0]!.n !== answered.captures) throw new Error(`${answered.captures} answered, ${rows[0]!.n} stored`)
  return answered
}

/** Single-lead statements a second of pgbench, or null when it is not there. */
async function pgbench(): Promise<number | null> {
  await refill()
  const url = new URL(database.url)
  const script = join(folder, 'single-lead.sql')
  const { rows } = await admin.query<{ id: string; hash: string }>(
    'select s.id, d.hash from sources s, sequence_definitions d',
  )
  await writeFile(script, singleLeadScript(rows[0]!.id, rows[0]!.hash))
  const args = ['-h', url.hostname, '-p', url.port, '-U', url.username, '-n', '-M', 'prepared']
  const size = [
    '-c',
    String(connections),
    '-j',
    '1',
    '-T',
    String(seconds),
    '-f',
    script,
    url.pathname.slice(1),
  ]
  try {
    const { stdout } = await promisify(execFile)('pgbench', [...args, ...size], {
      env: { ...process.env, PGPASSWORD: decodeURIComponent(url.password) },
    })
    if (!/number of failed transactions: 0 /.test(stdout)) throw new Error(stdout)
    return Number(/tps = ([\d.]+) \(without/.exec(stdout)![1])
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

try {
  const { rows } = await admin.query<{ version: string; fsync: string; commit: string }>(
    `select current_setting('server_version') as version, current_setting('fsync') as fsync,
       current_setting('synchronous_commit') as commit`,
  )
  const { version, fsync, commit } = rows[0]!
  say(
    `PostgreSQL ${version}, fsync ${fsync}, synchronous_commit ${commit}; wake-ups on ${redisUrl ? 'Redis' : 'PostgreSQL'}.`,
  )
  say(
    `On this machine together: PostgreSQL, the server (one process) and the load generator (one process, ${connections}`,
  )
  say(
    `connections, requests signed beforehand); for the statement, PostgreSQL and pgbench (${connections} clients, prepared).`,
  )
  say(
    'Every round begins with the same 20,000 leads. A capture writes 6 rows: capture, lead, consent, enrollment,',
  )
  say('delivery, alert.')
  await refill()
  await run(ports.whole, 3)
  await run(ports.bare, 3)
  const overStatement: number[] = []
  const overBare: number[] = []
  const reports = [await whole()]
  const bares: (LoadReport & { serverMicros: number })[] = []
  const statements: number[] = []
  const mean = () => (reports.at(-2)!.rate + reports.at(-1)!.rate) / 2
  for (let round = 1; round <= rounds; round++) {
    const statement = await pgbench()
    reports.push(await whole())
    if (statement !== null) {
      statements.push(statement)
      overStatement.push(mean() / statement)
    }
    await refill()
    bares.push(await run(ports.bare))
    reports.push(await whole())
    overBare.push(mean() / bares.at(-1)!.rate)
    const [one, two] = reports.slice(-2)
    say(
      `round ${round}: ${one!.rate.toFixed(0)} and ${two!.rate.toFixed(0)} captures/s, p50 ${two!.p50.toFixed(1)} ms, ` +
        `p99 ${two!.p99.toFixed(1)} ms; pgbench ${statement?.toFixed(0) ?? 'none'}, ` +
        `without a database ${bares.at(-1)!.rate.toFixed(0)}`,
    )
  }
  const overPgbench = 'captures/s over the single-lead statement of pgbench'
  if (statements.length > 0) report(overPgbench, overStatement, { atLeast: 1 })
  else reportUnmeasured(overPgbench, 'There is no pgbench on the PATH (Debian: postgresql).')
  report('captures/s over the server without a database', overBare, { atLeast: 0.7 })
  report(
    'p99 over p50',
    reports.map(({ p50, p99 }) => p99 / p50),
    { atMost: 3 },
  )
  say('for information:')
  say(
    `  captures/s                                      ${spread(
      reports.map(({ rate }) => rate),
      0,
    )}`,
  )
  say(
    `  p50, ms                                         ${spread(
      reports.map(({ p50 }) => p50),
      1,
    )}`,
  )
  say(
    `  p99, ms                                         ${spread(
      reports.map(({ p99 }) => p99),
      1,
    )}`,
  )
  if (statements.length > 0) say(`  pgbench, statements/s                           ${spread(statements, 0)}`)
  say(
    `  without a database, requests/s                  ${spread(
      bares.map(({ rate }) => rate),
      0,
    )}`,
  )
  say(
    `  processor time of the server, µs a capture      ${spread(
      reports.map(({ serverMicros }) => serverMicros),
      0,
    )}`,
  )
  say(
    `    without a database                            ${spread(
      bares.map(({ serverMicros }) => serverMicros),
      0,
    )}`,
  )
} finally {
  load.kill()
  server.kill()
  await rm(folder, { recursive: true, force: true })
  await admin.end()
  await database.close()
}
