import { Client } from 'pg'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasCode } from './files.ts'

/** Seen in pg_stat_activity as the sign that a nurture process uses this server. */
const applicationName = 'nurture supervisor'

/** The URL of one database of a server on this machine. */
export function urlOf(port: number, password: string, database: string): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`
}

/** Opens one connection. The caller ends it. */
async function connect(url: string): Promise<Client> {
  const client = new Client({
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: 10_000,
  })
  // A connection lost while nobody waits for an answer must not end the process.
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Runs `work` on a connection of its own. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(url)
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/**
 * Connects as soon as the server takes connections: it may still be starting, or recovering from a crash.
 *
 * @returns null when the server ended meanwhile
 * @throws what the last try threw, when the password is refused or the time is up
 */
export async function connectWhenReady(
  url: string,
  isRunning: () => Promise<boolean>,
  patienceMs: number,
): Promise<Client | null> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    try {
      return await connect(url)
    } catch (error) {
      if (!(await isRunning())) return null
      if (hasCode(error, '28P01', '28000') || Date.now() > deadline) throw error
      await sleep(20)
    }
  }
}

/** The types of pg leave these two out. */
type Refable = { ref(): void; unref(): void }

/** Leaves a connection open without it being a reason for this process to go on. */
export function keepWithoutWaiting(client: Client): void {
  ;(client as Client & Refable).unref()
}

/** Ends a connection kept by `keepWithoutWaiting`; the process goes on until that is done. */
export async function endKept(client: Client): Promise<void> {
  ;(client as Client & Refable).ref()
  await client.end()
}
