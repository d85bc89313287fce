import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { migrate } from '../../drizzle/migrate.ts'
import { startCluster } from '../../src/postgres/cluster.ts'

/** A PostgreSQL of our own that can be cut off at once, behind an address that stays. */
export type OwnPostgres = {
  /** For the children: through the door, so that it outlives restarts. */
  url: string
  /** Stops the server as a power cut would (SIGQUIT, immediate shutdown), and starts it again. */
  crash(downMs: number): Promise<void>
  /** Runs one statement from the parent, again while the server is away. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  stop(): Promise<void>
}

const database = 'crash'

export async function startOwnPostgres(home: string): Promise<OwnPostgres> {
  let cluster = await start(home)
  // One that a run left behind when it was ended by hand: it is cut off, so that the next one is ours to stop.
  if (cluster.adopted) await crash(0)
  await cluster.dropDatabase(database)
  await cluster.createDatabase(database)
  await migrate(cluster.url(database))
  await once(cluster.url(database), 'alter system set track_commit_timestamp = on')
  const door = await openDoor(() => Number(new URL(cluster.url(database)).port))

  async function crash(downMs: number): Promise<void> {
    const rows = await once<{ pid: string }>(
      cluster.url('postgres'),
      `select split_part(pg_read_file('postmaster.pid'), chr(10), 1) as pid`,
    )
    const pid = Number(rows[0]!.pid)
    process.kill(pid, 'SIGQUIT')
    while (isAlive(pid)) await sleep(10)
    await sleep(downMs)
    cluster = await start(home)
  }
  // The setting is read at start only.
  await crash(0)
  // Small envelopes: the more of them, the more there is to go wrong between.
  await once(
    cluster.url(database),
    `create function small_envelopes() returns trigger language plpgsql as $$
     begin new.group_limit := case when random() < 0.5 then 8 else 25 end; return new; end $$;
     create trigger small_envelopes before insert on deliveries
     for each row execute function small_envelopes()`,
  )

  const url = new URL(cluster.url(database))
  url.port = String(door.port)
  return {
    url: url.href,
    crash,
    async query(text, values) {
      for (const giveUp = Date.now() + 60_000; ;) {
        try {
          return await once(cluster.url(database), text, values)
        } catch (error) {
          if (Date.now() > giveUp) throw error
          await sleep(50)
        }
      }
    },
    async stop() {
      await door.close()
      await cluster.dropDatabase(database)
      await cluster.stop()
    },
  }
}

const start = (home: string) => startCluster({ home, log: () => {}, durable: true })

async function once<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values?: unknown[],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Row>(text, values)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Passes bytes on to wherever the server is now. */
async function openDoor(port: () => number): Promise<{ port: number; close(): Promise<void> }> {
  const open = new Set<Socket>()
  const server = createServer((from) => {
    const to = connect(port(), '127.0.0.1')
    for (const [socket, other] of [
      [from, to],
      [to, from],
    ] as const) {
      open.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        open.delete(socket)
        other.destroy()
      })
    }
    from.pipe(to)
    to.pipe(from)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}
