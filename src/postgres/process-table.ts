import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** A running process. `startedAt` is opaque: with the pid it names one process for good, as pids are reused. */
export type RunningProcess = { startedAt: string; command: string }

/**
 * Looks a process up by its pid. Null when it is gone, or when it has ended and only waits to be reaped:
 * a plain `kill -0` would call that one alive.
 */
export async function findProcess(pid: number): Promise<RunningProcess | null> {
  return process.platform === 'linux' ? readProc(pid) : askPs(pid)
}

/** Slim images have no `ps`, so Linux is read directly. */
async function readProc(pid: number): Promise<RunningProcess | null> {
  try {
    const [stat, command] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ])
    // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, startedAt] = [fields[0], fields[19]]
    if (!startedAt || state === 'Z' || state === 'X') return null
    return { startedAt, command: command.replaceAll('\0', ' ') }
  } catch {
    return null
  }
}

async function askPs(pid: number): Promise<RunningProcess | null> {
  try {
    const args = ['-ww', '-o', 'stat=,lstart=,command=', '-p', String(pid)]
    const { stdout } = await promisify(execFile)('/bin/ps', args, { env: { LC_ALL: 'C' } })
    // stat, then "Sat Nov 22 10:26:01 2026", then the command.
    const match = /^\s*(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/s.exec(stdout)
    if (!match?.[1] || !match[2] || match[1].startsWith('Z')) return null
    return { startedAt: match[2].replace(/\s+/g, '-'), command: `${match[3]?.trim()} ` }
  } catch {
    return null
  }
}
