import { readlink, symlink, unlink } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '../core/problem.ts'
import { hasCode } from './files.ts'
import { findProcess } from './process-table.ts'

/** A cold start on a slow disk, plus the recovery of a crashed server, must fit in. */
const patienceMs = 150_000

/**
 * Runs `work` while no other process, and no other call in this one, holds the lock `file`.
 * The lock of a process that died is taken over.
 *
 * @returns what `work` returns
 * @throws Problem `config` when a living process holds the lock for too long
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const me = await describeSelf()
  const deadline = Date.now() + patienceMs
  while (!(await claim(file, me))) {
    if (Date.now() > deadline) throw tooLong(file, await holderOf(file))
    if (!(await isAlive(await holderOf(file)))) await removeStale(file, me)
    else await sleep(25)
  }
  try {
    return await work()
  } finally {
    await unlink(file)
  }
}

/** A dangling symlink is a file that appears whole or not at all, and never over another. */
async function claim(file: string, holder: string): Promise<boolean> {
  try {
    await symlink(holder, file)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

/**
 * Only the holder of a second lock may remove a stale first one, and it looks again before it does.
 * Without it, two processes that saw the same stale lock could each remove one, the second a fresh one.
 */
async function removeStale(file: string, me: string): Promise<void> {
  const guard = `${file}.breaking`
  if (!(await claim(guard, me))) return void (await sleep(25))
  try {
    const holder = await holderOf(file)
    if (holder !== null && !(await isAlive(holder))) await unlink(file)
  } finally {
    await unlink(guard)
  }
}

async function holderOf(file: string): Promise<string | null> {
  return readlink(file).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  })
}

/** The start time is there because a restarted container hands out the same few pids again. */
async function describeSelf(): Promise<string> {
  return `${process.pid}@${(await findProcess(process.pid))?.startedAt}`
}

/** A lock just released has no holder to be alive; it counts as if, and is claimed next time round. */
async function isAlive(holder: string | null): Promise<boolean> {
  if (holder === null) return true
  const [pid, startedAt] = holder.split('@')
  return (await findProcess(Number(pid)))?.startedAt === startedAt
}

function tooLong(file: string, holder: string | null): Problem {
  return new Problem(
    'config',
    `The built-in PostgreSQL waited ${patienceMs / 1000} s for the lock ${file}, ` +
      `held by process ${holder?.split('@')[0] ?? '(unknown)'}. Stop that process, ` +
      `or delete ${file} and ${file}.breaking if no nurture runs.`,
  )
}
