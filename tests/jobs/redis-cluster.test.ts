import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { afterEach, describe, expect, inject, test } from 'vitest'
import { openQueues } from '../../jobs/queues.ts'
import { startOwnRedis } from '../crash/own-redis.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const closer of closers.splice(0).reverse()) await closer()
})

/** A cluster of two, of which the first node holds no slot at all: it can only say where to go. Their addresses. */
async function startCluster(): Promise<string[]> {
  const nodes = []
  for (let count = 0; count < 2; count++) {
    const notes = join(tmpdir(), `nurture-${randomUUID()}.conf`)
    const redis = (await startOwnRedis(['--cluster-enabled', 'yes', '--cluster-config-file', notes]))!
    const client = new Redis(redis.url)
    closers.push(
      () => rm(notes, { force: true }),
      redis.stop,
      () => client.disconnect(),
    )
    nodes.push({ url: redis.url, client })
  }
  const [empty, full] = nodes as [(typeof nodes)[number], (typeof nodes)[number]]
  await full.client.cluster('ADDSLOTSRANGE', 0, 16_383)
  await empty.client.cluster('MEET', '127.0.0.1', new URL(full.url).port)
  await expect.poll(() => empty.client.cluster('INFO'), { timeout: 20_000 }).toContain('cluster_state:ok')
  return nodes.map(({ url }) => url)
}

describe.skipIf(inject('redisUrl') === null)('a Redis Cluster', () => {
  test.each([
    ['whichever of its nodes is named first', { cluster: false, named: 2 }],
    ['with one address that all of them have', { cluster: true, named: 1 }],
  ])('carries the heartbeat and the jobs, %s', async (_what, { cluster, named }) => {
    const nodes = await startCluster()
    const queues = await openQueues({
      redisUrl: nodes.slice(0, named).join(','),
      cluster,
      prefix: '{another}',
      databaseUrl: inject('postgresUrl'),
      log: pino({ level: 'silent' }),
    })
    closers.push(() => queues.close())
    const seen: unknown[] = []
    let beats = 0
    const worker = queues.work('dispatch', async ({ data }) => void seen.push(data), { concurrency: 2 })
    const ticker = queues.work('tick', async () => void beats++, { concurrency: 1 })
    closers.push(() => Promise.all([worker.close(), ticker.close()]))
    await queues.upsertHeartbeat()
    const jobs = [1, 2, 3].map((attempt) => ({
      id: `${randomUUID()}-${attempt}`,
      data: { dispatchId: randomUUID(), attempt },
    }))
    await queues.add('dispatch', jobs)
    await expect.poll(() => seen.length, { timeout: 20_000 }).toBe(3)
    expect(seen).toEqual(expect.arrayContaining(jobs.map(({ data }) => data)))
    await expect.poll(() => beats, { timeout: 20_000 }).toBeGreaterThan(2)
  })
})
