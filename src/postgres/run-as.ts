import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { Problem } from '../core/problem.ts'

/** Whom to become. Node drops the supplementary groups too whenever a uid or gid is given. */
export type Account = { uid: number; gid: number }

/**
 * Nothing of our own environment is handed on: PG* variables would change what the server does,
 * and secrets would become readable to every process of the account it runs as.
 */
export const serverEnvironment = { LC_ALL: 'C', TZ: 'UTC' }

/** True in a process that PostgreSQL would refuse to run as. */
export const isRoot = () => process.geteuid?.() === 0

/**
 * The unprivileged account that runs the server for root: `postgres` if the system has it, else `nobody`.
 *
 * @throws Problem `config` when it has neither
 */
export async function findAccount(): Promise<Account> {
  const passwd = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n')
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = passwd.find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
    if (uid && gid && uid !== '0') return { uid: Number(uid), gid: Number(gid) }
  }
  throw new Problem(
    'config',
    'PostgreSQL refuses to run as root, and /etc/passwd has no user "postgres" or "nobody" to run it. ' +
      'Add one, start nurture as a normal user, or set DATABASE_URL.',
  )
}

/**
 * Makes sure that root may become the account; in a container that dropped the capabilities it may not.
 *
 * @throws Problem `config` when it may not
 */
export async function checkCanBecome(account: Account): Promise<void> {
  const { code, output } = await run('/bin/sh', ['-c', 'exit 0'], account)
  if (code === 0) return
  throw new Problem(
    'config',
    `PostgreSQL refuses to run as root, and root may not become user ${account.uid} here (${output}). ` +
      'Start nurture as a normal user, give the container CAP_SETUID and CAP_SETGID, or set DATABASE_URL.',
  )
}

/**
 * Runs a program to its end, as the given account or as ourselves.
 *
 * @returns its exit code (null when it could not start or was killed) and all that it printed
 */
export function run(
  file: string,
  args: readonly string[],
  account?: Account,
): Promise<{ code: number | null; output: string }> {
  return new Promise<{ code: number | null; output: string }>((resolve) => {
    // Our own folder may be closed to the other account.
    const options = { ...account, cwd: '/', env: serverEnvironment }
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
    }
    child.on('error', (error) => resolve({ code: null, output: error.message }))
    child.on('close', (code) => resolve({ code, output: output.trim() }))
    // Some of its errors spawn throws rather than emits.
  }).catch((error: Error) => ({ code: null, output: error.message }))
}

/** True when the account can enter a folder: its own mode and those of all above it allow it. */
export async function canEnter(folder: string, account: Account): Promise<boolean> {
  return (await run('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], account)).code === 0
}
