import { Redis } from 'ioredis'

const connectMs = 3_000

/**
 * The address in `REDIS_URL`, or the usual one, once a Redis has answered there. Else the process says what it needs and
 * ends with 1: a queue would wait for it for ever.
 */
export async function needRedis(): Promise<string> {
  const url = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379'
  const client = new Redis(url, { lazyConnect: true, connectTimeout: connectMs, retryStrategy: () => null })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.ping()
    return url
  } catch {
    const { host } = new URL(url)
    console.error(`!! DID NOT RUN: this needs a Redis at ${host}. Start one, or set REDIS_URL.`)
    process.exit(1)
  } finally {
    client.disconnect()
  }
}
