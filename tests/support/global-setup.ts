import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../drizzle/migrate.ts'
import { startCluster } from '../../src/postgres/cluster.ts'
import { freePort } from '../../src/cli/free-port.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** postgres:// URL of a database from which others may be made. */
    postgresUrl: string
    /** A migrated database that test databases are copies of. */
    templateDatabase: string
    redisUrl: string | null
    chromium: string | null
  }
}

const template = `nurture_template_${process.pid}`

/** One PostgreSQL and, where it is to be had, one Redis for the whole run. Says loudly what cannot run. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const closers: (() => Promise<void>)[] = []
  const missing: string[] = []

  const postgresUrl = process.env.DATABASE_URL ?? (await ownPostgres(closers))
  await query(postgresUrl, `create database ${template}`)
  closers.push(() => query(postgresUrl, `drop database if exists ${template} with (force)`))
  await migrate(withDatabase(postgresUrl, template))

  const redisUrl = process.env.REDIS_URL ?? (await ownRedis(closers))
  if (!redisUrl) missing.push('every test on Redis (set REDIS_URL, or install redis-server)')
  const chromium =
    ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync) ?? null
  if (!chromium) missing.push('every test in a browser (install chromium)')
  if (missing.length > 0 && process.env.REQUIRE_ALL_TESTS)
    throw new Error(`REQUIRE_ALL_TESTS is set, but these cannot run: ${missing.join('; ')}`)

  project.provide('postgresUrl', postgresUrl)
  project.provide('templateDatabase', template)
  project.provide('redisUrl', redisUrl)
  project.provide('chromium', chromium)
  return async () => {
    for (const closer of closers.reverse()) await closer()
    for (const what of missing) console.warn(`\n  !!  DID NOT RUN: ${what}  !!\n`)
  }
}

async function ownPostgres(closers: (() => Promise<void>)[]): Promise<string> {
  const home = fileURLToPath(new URL('../../.data/test/postgres', import.meta.url))
  const cluster = await startCluster({ home, log: () => {}, durable: false })
  closers.push(() => cluster.stop())
  await cluster.createDatabase('nurture_tests')
  return cluster.url('nurture_tests')
}

async function ownRedis(closers: (() => Promise<void>)[]): Promise<string | null> {
  const port = await freePort()
  const arguments_ = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const server = spawn('redis-server', arguments_, { stdio: ['ignore', 'pipe', 'ignore'] })
  const ready = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false))
    server.once('exit', () => resolve(false))
    server.stdout.on('data', (line: Buffer) => {
      if (line.includes('Ready to accept connections')) resolve(true)
    })
  })
  if (!ready) return null
  closers.push(
    () =>
      new Promise((resolve) => {
        server.once('exit', () => resolve())
        server.kill('SIGTERM')
      }),
  )
  return `redis://127.0.0.1:${port}`
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}
