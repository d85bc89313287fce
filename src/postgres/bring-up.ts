import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { Problem } from '../core/problem.ts'
import { prepareBinaries } from './binaries.ts'
import { connectWhenReady, urlOf } from './connect.ts'
import { initialise } from './initialise.ts'
import { launch } from './launch.ts'
import type { Place } from './place.ts'
import { openServerLog } from './server-log.ts'
import { type Server, findServer, isRunning } from './server.ts'

/** Recovery after a crash replays up to a checkpoint's worth of writes. */
const readyWithinMs = 120_000
const tries = 5

/** Another took the port meanwhile, a server appeared meanwhile, or one that was killed still has children. */
const passing = /could not bind|lock file ".*" already exists|shared memory block .* still in use/

/** A server that answered with our password, and the connection that proved it. */
export type Up = { server: Server; client: Client; adopted: boolean }

/**
 * Adopts the server that runs on `place.data`, or starts one, on a new database if there is none.
 * The caller holds the lock of `home`.
 *
 * @throws Problem `config` when it can not be started, does not get ready, or refuses the password
 */
export async function bringUp(
  home: string,
  place: Place,
  options: { password: string; durable: boolean },
): Promise<Up> {
  for (let attempt = 1; ; attempt++) {
    const running = await findServer(place.data)
    if (running) {
      const client = await waitFor(running, options.password)
      if (client) return { server: running, client, adopted: true }
      continue // it was on its way out
    }
    const binaries = await prepareBinaries(place)
    await initialise(place, binaries, options)
    const log = await openServerLog(home)
    const server = await launch(place, binaries, log, options.durable)
    const client = await waitFor(server, options.password)
    if (client) return { server, client, adopted: false }

    const tail = await log.tail()
    if (attempt === tries || !passing.test(tail)) throw failed(place.data, log.path, tail)
    await sleep(attempt * 200)
  }
}

async function waitFor(server: Server, password: string): Promise<Client | null> {
  const url = urlOf(server.port, password, 'postgres')
  try {
    return await connectWhenReady(url, () => isRunning(server), readyWithinMs)
  } catch (error) {
    throw new Problem(
      'config',
      `PostgreSQL runs on ${server.data} (process ${server.pid}, port ${server.port}), but nurture can not ` +
        `use it: ${(error as Error).message}. Stop it with kill -INT ${server.pid} and start again.`,
    )
  }
}

function failed(data: string, logPath: string, tail: string): Problem {
  return new Problem(
    'config',
    `PostgreSQL did not start on ${data}. Mend what the end of ${logPath} says below, ` +
      `or set DATABASE_URL.\n${tail || '(it wrote nothing)'}`,
  )
}
