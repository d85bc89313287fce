import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const tsx = import.meta.resolve('tsx')
/** tsx looks for it in the working folder, which is another one here. */
const tsconfig = fileURLToPath(new URL('../../tsconfig.json', import.meta.url))

type Finished = { code: number | null; stdout: string; stderr: string }
export type Running = {
  pid: number
  stdout(): string
  /** The first group of `pattern` in its output, once it is there; throws when it ends before, or after 90 s. */
  saw(pattern: RegExp): Promise<string>
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Finished>
  ended: Promise<Finished>
}

const running = new Set<Running>()

/** Starts the command in a process of its own, with nothing of our environment and no `.env` in its folder. */
export function nurture(args: readonly string[], env: Record<string, string> = {}): Running {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, ['--import', tsx, main, ...args], {
    cwd: tmpdir(),
    env: { PATH, HOME, NO_COLOR: '1', LOG_LEVEL: 'warn', TSX_TSCONFIG_PATH: tsconfig, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  let isOver = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<Finished>((resolve) =>
    child.once('close', (code) => {
      isOver = true
      running.delete(self)
      resolve({ code, stdout, stderr })
    }),
  )
  const self: Running = {
    pid: child.pid!,
    stdout: () => stdout,
    async saw(pattern) {
      const giveUp = Date.now() + 90_000
      for (;;) {
        const found = pattern.exec(stdout)
        if (found) return found[1] ?? found[0]
        if (isOver || Date.now() > giveUp) throw new Error(`Never said ${pattern}:\n${stdout}\n${stderr}`)
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
    },
    stop(signal = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
    ended,
  }
  running.add(self)
  return self
}

/** Runs the command to its end. */
export const run = (args: readonly string[], env?: Record<string, string>) => nurture(args, env).ended

/** Ends what a failed test left behind. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((one) => one.stop('SIGKILL')))
}
