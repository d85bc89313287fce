import { Redis } from 'ioredis'
import { pino } from 'pino'
import { describe, expect, inject, test } from 'vitest'
import { openQueues } from '../../jobs/queues.ts'
import { startOwnRedis } from '../crash/own-redis.ts'

/** What the log says while queues are opened on a Redis with this policy. */
async function logWith(policy: string): Promise<string[]> {
  const redis = (await startOwnRedis())!
  const lines: string[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
  const client = new Redis(redis.url)
  await client.config('SET', 'maxmemory-policy', policy)
  const queues = await openQueues({ redisUrl: redis.url, databaseUrl: inject('postgresUrl'), log })
  await queues.upsertHeartbeat()
  await expect.poll(async () => (await client.call('CLIENT', 'LIST')) as string).toContain('cmd=info')
  await queues.close()
  client.disconnect()
  await redis.stop()
  return lines.map((line) => (JSON.parse(line) as { msg: string }).msg)
}

describe.skipIf(inject('redisUrl') === null)('a Redis that may throw keys away', () => {
  test('is said in one line at the start', async () => {
    const lines = await logWith('allkeys-lru')
    expect(lines.filter((line) => line.includes('maxmemory-policy allkeys-lru'))).toHaveLength(1)
  })

  test('and one that may not is not', async () => {
    expect(await logWith('noeviction')).toEqual([])
  })
})
