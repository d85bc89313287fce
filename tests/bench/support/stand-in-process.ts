import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export type StandIn = {
  url: string
  /** Calls, mails and different idempotency keys since the start. */
  taken(): Promise<{ calls: number; items: number; keys: number }>
  stop(): void
}

/** Starts the stand-in of the provider in a process of its own. */
export async function startStandIn(delayMs: number): Promise<StandIn> {
  const child = fork(fileURLToPath(new URL('stand-in.ts', import.meta.url)), [String(delayMs)], {
    execArgv: ['--import', 'tsx'],
  })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return {
    url: `http://127.0.0.1:${port}`,
    async taken() {
      child.send('taken')
      const [taken] = (await once(child, 'message')) as [{ calls: number; items: number; keys: number }]
      return taken
    },
    stop: () => void child.kill(),
  }
}
