import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import type { Place } from './place.ts'
import { serverEnvironment } from './run-as.ts'
import type { ServerLog } from './server-log.ts'
import type { Server } from './server.ts'

/**
 * Starts a server on a free port of 127.0.0.1. It is not awaited: it may take a while, or fail and end.
 *
 * @param log where it writes to, which closes at our end
 * @throws Error when no process could be made
 */
export async function launch(
  place: Place,
  binaries: Binaries,
  log: ServerLog,
  durable: boolean,
): Promise<Server> {
  const port = await freePort()
  // "-D <folder>" comes first: it is how a running server is recognised.
  const args = ['-D', place.data, ...settings(port, durable).flatMap((setting) => ['-c', setting])]
  try {
    const child = spawn(join(binaries.folder, 'bin', 'postgres'), args, {
      ...place.account,
      cwd: '/',
      env: serverEnvironment,
      // A session of its own: Ctrl-C in our terminal reaches our process group, not the database.
      detached: true,
      stdio: ['ignore', log.handle.fd, log.handle.fd],
    })
    await once(child, 'spawn')
    child.unref()
    return { pid: child.pid!, port, data: place.data }
  } finally {
    await log.handle.close()
  }
}

/** On the command line rather than in postgresql.conf, so that old data folders get them too. */
function settings(port: number, durable: boolean): string[] {
  return [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    // The path of a socket may have 107 bytes, which a deep checkout exceeds.
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=64MB',
    'timezone=UTC',
    'log_timezone=UTC',
    // Failed statements carry personal data; whoever sent one has its error. Checkpoints would fill the file.
    'log_min_messages=log',
    'log_checkpoints=off',
    ...(durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ]
}

/** Free a moment ago: the caller tries again when it no longer is. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}
