import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { Redis } from 'ioredis'
import { freePort } from '../../src/cli/free-port.ts'

/** A Redis of our own: nothing else is ever emptied. */
export type OwnRedis = { url: string; empty(): Promise<void>; stop(): Promise<void> }

/** Null where there is no redis-server. `extra` are further arguments of it. */
export async function startOwnRedis(extra: readonly string[] = []): Promise<OwnRedis | null> {
  const port = await freePort()
  const settings = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    ...extra,
  ]
  const server = spawn('redis-server', settings, { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'ignore'] })
  const ready = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false))
    server.once('exit', () => resolve(false))
    server.stdout.on('data', (line: Buffer) => {
      if (line.includes('Ready to accept connections')) resolve(true)
    })
  })
  if (!ready) return null
  const url = `redis://127.0.0.1:${port}`
  const client = new Redis(url)
  client.on('error', () => {})
  return {
    url,
    async empty() {
      await client.flushall()
    },
    stop: () =>
      new Promise((resolve) => {
        client.disconnect()
        server.once('exit', () => resolve())
        server.kill('SIGTERM')
      }),
  }
}
