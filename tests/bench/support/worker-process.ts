import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export type WorkerSettings = {
  databaseUrl: string
  resendUrl: string
  prefix: string
  env: Record<string, string>
  /** Where its clock stands, ISO 8601. */
  start: string
}

/** Bytes after a full collection, and the delay of the event loop since `begin`. */
export type WorkerState = { delayP99Ms: number; rss: number; used: number }

export type WorkerProcess = { begin(): void; state(): Promise<WorkerState>; stop(): Promise<void> }

/** Starts a worker in a process of its own and resolves when it ticks. */
export async function startWorkerProcess(settings: WorkerSettings): Promise<WorkerProcess> {
  const path = fileURLToPath(new URL('measured-worker.ts', import.meta.url))
  const child = fork(path, [JSON.stringify(settings)], { execArgv: ['--expose-gc', '--import', 'tsx'] })
  await once(child, 'message')
  return {
    begin: () => void child.send('begin'),
    async state() {
      child.send('state')
      const [state] = (await once(child, 'message')) as [WorkerState]
      return state
    },
    async stop() {
      const ended = once(child, 'exit')
      child.send('stop')
      await ended
    },
  }
}
