import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readIfThere } from './files.ts'
import { findProcess } from './process-table.ts'

/** A server process. `data` is the folder as its command line names it. */
export type Server = { pid: number; port: number; data: string }

/**
 * The server that runs on this data folder, ready or not; null when there is none.
 * A postmaster.pid left by a crash, a reboot or a copy of the folder is removed: PostgreSQL itself only
 * doubts a pid that nobody has now, and then refuses to start.
 */
export async function findServer(data: string): Promise<Server | null> {
  const file = join(data, 'postmaster.pid')
  const lines = (await readIfThere(file))?.split('\n')
  if (!lines) return null
  const server = { pid: Number(lines[0]), port: Number(lines[3]), data: lines[1] ?? data }
  const isCopy = server.data !== data && (await stat(server.data).catch(() => null)) !== null
  if (isCopy || !(await isRunning(server))) {
    await rm(file, { force: true })
    return null
  }
  if (server.port > 0) return server
  await sleep(20) // read in the middle of being written
  return findServer(data)
}

/** True while the process lives and is the one that was meant: the command line tells a reused pid apart. */
export async function isRunning(server: Server): Promise<boolean> {
  return (await findProcess(server.pid))?.command.includes(` -D ${server.data} `) ?? false
}

/**
 * Asks the server for a fast shutdown: open transactions are rolled back, a checkpoint is written.
 *
 * @returns false when it was still at it after `patienceMs`; it goes on
 */
export async function shutDown(server: Server, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs
  if (await isRunning(server)) process.kill(server.pid, 'SIGINT')
  while (await isRunning(server)) {
    if (Date.now() > deadline) return false
    await sleep(10)
  }
  return true
}
