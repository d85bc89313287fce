import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { Problem } from '../core/problem.ts'
import { type Up, bringUp } from './bring-up.ts'
import { connectWhenReady, endKept, keepWithoutWaiting, urlOf, withClient } from './connect.ts'
import { hasCode } from './files.ts'
import { readPassword } from './initialise.ts'
import { withLock } from './lock.ts'
import { findPlace, prepareHome } from './place.ts'
import { isRunning, shutDown } from './server.ts'

/** A PostgreSQL server of our own, for this machine only. */
export type Cluster = {
  /** postgres:// URL of the given database. It holds the password, and another port after each start. */
  url(database: string): string
  /** Makes a database, from `template` if given. One that exists is left as it is. */
  createDatabase(name: string, template?: string): Promise<void>
  /** Drops a database and ends the connections to it. One that does not exist is no error. */
  dropDatabase(name: string): Promise<void>
  /** True when the server ran already: then it is not ours to stop. */
  adopted: boolean
  /** Stops the server if we started it and nobody else is connected. Close your own pools first. */
  stop(): Promise<void>
}

const stopWithinMs = 60_000
/** A server process outlives its connection by a moment. */
const leaveWithinMs = 1_000

/**
 * Starts the PostgreSQL of `home`, or adopts the one that already runs for it.
 *
 * @param options.home absolute folder, made if need be; holds the data unless another user can not get there
 * @param options.log takes what a person should know, one line each
 * @param options.durable false is for tests: faster, but a server that is killed or stopped at once
 *   loses its last commits, and a power cut may ruin the data
 * @throws Problem `config` saying what to do, whatever of the machine or the folder stands in the way
 */
export async function startCluster(options: {
  home: string
  log: (line: string) => void
  durable?: boolean
}): Promise<Cluster> {
  if (!process.geteuid) {
    throw new Problem('config', 'The built-in PostgreSQL needs Linux or macOS: set DATABASE_URL.')
  }
  const { log, durable = true } = options
  try {
    const home = await prepareHome(options.home)
    const lock = join(home, 'lock')
    return await withLock(lock, async () => {
      const begun = Date.now()
      const place = await findPlace(home, log)
      const password = await readPassword(home, place.data)
      const up = await bringUp(home, place, { password, durable })
      const { pid, port } = up.server
      const how = up.adopted ? 'Adopted the running' : 'Started'
      log(
        `${how} PostgreSQL on 127.0.0.1:${port} (process ${pid}, ${place.data}) in ${Date.now() - begun} ms`,
      )
      return makeCluster(up, { password, lock, log })
    })
  } catch (error) {
    throw explain(error, options.home)
  }
}

type Context = { password: string; lock: string; log: (line: string) => void }

function makeCluster(up: Up, context: Context): Cluster {
  const url = (database: string) => urlOf(up.server.port, context.password, database)
  // Kept open as long as we use the server, so that its starter sees us even between two queries.
  keepWithoutWaiting(up.client)
  let stopped: Promise<void> | undefined
  return {
    url,
    adopted: up.adopted,
    createDatabase: (name, template) =>
      withClient(url('postgres'), async (client) => {
        const from = template === undefined ? '' : ` template ${client.escapeIdentifier(template)}`
        const known = await client.query('select 1 from pg_database where datname = $1', [name])
        if (known.rowCount) return
        await client
          .query(`create database ${client.escapeIdentifier(name)}${from}`)
          .catch((error: unknown) => {
            // Another process made it after we looked; which of the two errors depends on how close it was.
            if (!hasCode(error, '42P04', '23505')) throw error
          })
      }),
    dropDatabase: (name) =>
      withClient(url('postgres'), async (client) => {
        await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`)
      }),
    stop: () => (stopped ??= stop(up, url('postgres'), context)),
  }
}

async function stop({ server, client, adopted }: Up, url: string, context: Context): Promise<void> {
  const { lock, log } = context
  const byHand = `to stop it: kill -INT ${server.pid}`
  await endKept(client)
  if (adopted) return log(`PostgreSQL goes on, as another process started it (${byHand})`)
  // Under the lock, nobody can adopt the server between the check and the signal.
  await withLock(lock, async () => {
    const check = await connectWhenReady(url, () => isRunning(server), stopWithinMs)
    if (!check) return log('PostgreSQL had ended before it was stopped')
    const others = await countOthers(check).finally(() => check.end())
    if (others > 0) return log(`PostgreSQL goes on, as others are connected: ${others} (${byHand})`)
    if (await shutDown(server, stopWithinMs)) return log('Stopped PostgreSQL')
    log(`PostgreSQL is still shutting down after ${stopWithinMs / 1000} s (process ${server.pid})`)
  })
}

/** Counts the clients beside this one, giving those a chance to leave that have just closed. */
async function countOthers(client: Client): Promise<number> {
  const deadline = Date.now() + leaveWithinMs
  for (;;) {
    const { rows } = await client.query<{ others: number }>(
      `select count(*)::int as others from pg_stat_activity
       where backend_type in ('client backend', 'walsender') and pid <> pg_backend_pid()`,
    )
    const others = rows[0]?.others ?? 0
    if (others === 0 || Date.now() > deadline) return others
    await sleep(20)
  }
}

/** A system error (no space, no permission, no fork) becomes a Problem; a mistake of ours stays what it is. */
function explain(error: unknown, home: string): unknown {
  const { syscall, message } = error as NodeJS.ErrnoException
  if (error instanceof Problem || !syscall) return error
  return new Problem(
    'config',
    `The built-in PostgreSQL could not be set up in ${home}: ${message}. ` +
      'Make that folder writable for the user who runs nurture, or set DATABASE_URL.',
  )
}
