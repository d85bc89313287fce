import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterEach, beforeEach } from 'vitest'
import { startCluster } from '../../src/postgres/cluster.ts'
import { findServer, isRunning } from '../../src/postgres/server.ts'

export const asRoot = process.geteuid?.() === 0

/** Fresh for each test, and gone after it with every server and process that was started for it. */
export let base: string
export let home: string
export let lines: string[]
let children: ChildProcess[]

export const start = (options: { home?: string; durable?: boolean } = {}) =>
  startCluster({ home, log: (line) => void lines.push(line), durable: false, ...options })

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'nurture-cluster-'))
  await chmod(base, 0o755)
  await mkdir(join(base, 'tmp'))
  await chmod(join(base, 'tmp'), 0o1777)
  home = join(base, 'home')
  lines = []
  children = []
})

afterEach(async () => {
  await Promise.all(children.map(kill))
  const [outside] = (await readFile(join(home, 'place'), 'utf8').catch(() => '')).split('\n')
  for (const folder of outside ? [home, outside] : [home]) {
    if (await findServer(join(folder, 'data')).catch(() => null)) await crash(join(folder, 'data'))
    await rm(folder, { recursive: true, force: true })
  }
  await rm(base, { recursive: true, force: true })
})

/** The server that runs on a data folder. */
export async function serverOn(data: string) {
  const server = await findServer(data)
  if (!server) throw new Error(`no server runs on ${data}`)
  return server
}

/** Ends a server at once: SIGQUIT is what `pg_ctl -m immediate` sends. */
export async function crash(data: string, signal: NodeJS.Signals = 'SIGQUIT'): Promise<void> {
  const server = await serverOn(data)
  process.kill(server.pid, signal)
  while (await isRunning(server)) await sleep(20)
}

/** The column `value` of the first row. */
export async function query<T>(url: string, sql: string): Promise<T | undefined> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<{ value: T }>(sql)).rows[0]?.value
  } finally {
    await client.end()
  }
}

const program = `
  import { Client } from ${JSON.stringify(import.meta.resolve('pg'))}
  import { startCluster } from ${JSON.stringify(new URL('../../src/postgres/cluster.ts', import.meta.url).href)}
  const say = (message) => process.stdout.write(JSON.stringify(message) + '\\n')
  if (process.env.TEST_UMASK) process.umask(0o077)
  const options = { home: process.env.TEST_HOME, durable: false, log: (log) => say({ log }) }
  const cluster = await startCluster(options).catch((error) => {
    say({ error: error.message })
    process.exit(1)
  })
  process.on('SIGINT', async () => {
    await new Promise((resolve) => setTimeout(resolve, 500))
    const client = new Client({ connectionString: cluster.url('postgres') })
    await client.connect()
    const { rows } = await client.query('select 1 as one')
    await client.end()
    await cluster.stop()
    say({ drained: rows[0].one })
    process.exit(0)
  })
  say({ url: cluster.url('postgres'), adopted: cluster.adopted })
  setInterval(() => {}, 1000)
`

/** Starts a process that starts the cluster and keeps it; on SIGINT it queries once more, stops and ends. */
export function startInChild(options: SpawnOptions & { umask?: boolean } = {}) {
  const { umask, ...spawnOptions } = options
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    ...spawnOptions,
    env: { TMPDIR: join(base, 'tmp'), TEST_HOME: home, ...(umask ? { TEST_UMASK: '1' } : {}) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const said: Record<string, unknown>[] = []
  createInterface({ input: child.stdout! }).on('line', (line) => said.push(JSON.parse(line)))
  const until = async (key: string) => {
    for (;;) {
      const found = said.find((message) => key in message)
      if (found) return found
      if (child.exitCode !== null) throw new Error(`child ended: ${JSON.stringify(said)}`)
      await sleep(20)
    }
  }
  const up = async () => (await until('url')) as { url: string; adopted: boolean }
  return { child, until, up }
}

/** A process that only occupies a pid. */
export function squat(account: { uid?: number; gid?: number }): number {
  const child = spawn('sleep', ['600'], account)
  children.push(child)
  return child.pid!
}

export async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}
