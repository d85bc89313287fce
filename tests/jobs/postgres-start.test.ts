import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import { openQueues } from '../../jobs/queues.ts'
import { createTestDatabase } from '../support/database.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/**
 * A way to PostgreSQL that lets `left` more connections through, and refuses all others as one that restarts does; each
 * is cut after PostgreSQL has said something `answers` times.
 */
async function openDoor(target: URL, answers = Infinity): Promise<{ url: string; left: number }> {
  const door = { url: '', left: 1 }
  const open = new Set<Socket>()
  const server = createServer((from) => {
    if (door.left-- <= 0) return from.destroy()
    const to = connect(Number(target.port), target.hostname)
    let said = 0
    to.on('data', () => ++said >= answers && from.destroy())
    for (const [socket, other] of [
      [from, to],
      [to, from],
    ] as const) {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => other.destroy())
      socket.pipe(other)
    }
    return from
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(async () => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  door.url = url.href
  return door
}

test('queues whose first connection is refused work once PostgreSQL is there', async () => {
  const database = await createTestDatabase()
  closers.push(database.drop)
  const door = await openDoor(new URL(database.url))
  const queues = await openQueues({ redisUrl: null, databaseUrl: door.url, log: pino({ enabled: false }) })
  closers.push(queues.close)
  let beats = 0
  const worker = queues.work('tick', async () => void beats++, { concurrency: 1 })
  closers.push(() => worker.close())
  await sleep(1_500)
  expect(beats).toBe(0)
  door.left = Infinity
  await queues.upsertHeartbeat()
  await expect.poll(() => beats, { timeout: 30_000 }).toBeGreaterThan(1)
})

test.each([4, 6])(
  'a connection cut while the queues are opened, after %i answers, fails them alone',
  async (answers) => {
    const database = await createTestDatabase()
    closers.push(database.drop)
    const door = await openDoor(new URL(database.url), answers)
    const fatal: Error[] = []
    const onFatal = (error: Error) => void fatal.push(error)
    process.prependListener('uncaughtException', onFatal)
    closers.push(async () => void process.off('uncaughtException', onFatal))
    const opening = openQueues({ redisUrl: null, databaseUrl: door.url, log: pino({ enabled: false }) })
    await expect(opening).rejects.toThrow()
    await sleep(200)
    expect(fatal).toEqual([])
  },
)

test('seven connections are enough for the queues of a worker', async () => {
  const database = await createTestDatabase()
  closers.push(database.drop)
  const log = pino({ enabled: false })
  const queues = await openQueues({ redisUrl: null, databaseUrl: database.url, pool: 7, log })
  closers.push(queues.close)
  const done = new Map<string, number>()
  const names = ['tick', 'first', 'dispatch', 'alert', 'reading'] as const
  for (const name of names) {
    const worker = queues.work(name, async () => void done.set(name, (done.get(name) ?? 0) + 1), {
      concurrency: 8,
    })
    closers.push(() => worker.close())
  }
  await queues.upsertHeartbeat()
  for (let round = 0; round < 20; round++) {
    const [dispatchId, alertId, eventId] = [randomUUID(), randomUUID(), randomUUID()]
    const id = `job-${round}`
    await queues.add('first', [{ id, data: { dispatchId, attempt: 1 } }])
    await queues.add('dispatch', [{ id, data: { dispatchId, attempt: 1 } }])
    await queues.add('alert', [{ id, data: { alertId, attempt: 1 } }])
    await queues.add('reading', [{ id, data: { eventId, attempt: 1 } }])
  }
  await expect
    .poll(() => names.slice(1).map((name) => done.get(name)), { timeout: 60_000 })
    .toEqual([20, 20, 20, 20])
  await expect.poll(() => done.get('tick') ?? 0, { timeout: 20_000 }).toBeGreaterThan(1)
})
