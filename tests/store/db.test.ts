import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, inTransaction, openDatabase, sqlState } from '../../src/store/db.ts'
import { putSetting } from '../../src/store/settings.ts'
import { readTurnAge, takeTurn } from '../../src/store/turns.ts'
import { migrate } from '../../drizzle/migrate.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let place: TestDatabase
let database: Database
const broken: Error[] = []
beforeEach(async () => {
  place = await createTestDatabase()
  database = openDatabase(place.url, 4, (error) => broken.push(error))
})
afterEach(async () => {
  await database.close()
  await place.drop()
})

test('a connection that is cut between two statements of a transaction fails it, and not the process', async () => {
  const fatal: Error[] = []
  const onFatal = (error: Error) => fatal.push(error)
  process.prependListener('uncaughtException', onFatal)
  const cut = inTransaction(database.db, async (tx) => {
    const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)
    await database.db.execute(sql`select pg_terminate_backend(${rows[0]!.pid}::int)`)
    // Nothing is asked of it now: as while mails are rendered.
    await sleep(200)
    await tx.execute(sql`select 1`)
  })
  await expect(cut).rejects.toThrow()
  process.off('uncaughtException', onFatal)
  expect(fatal).toEqual([])
  expect((await database.db.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }])
})

test('a server that is gone without a word is not waited for for ever', async () => {
  const { hostname, port } = new URL(place.url)
  let gone = false
  const sockets = new Set<Socket>()
  // Stands between, and lets nothing through once it is told to.
  const line = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes) => !gone && to.write(bytes))
      from.on('close', () => to.destroy())
      from.on('error', () => {})
    }
  }).listen(0, '127.0.0.1')
  await once(line, 'listening')
  const url = new URL(place.url)
  url.hostname = '127.0.0.1'
  url.port = String((line.address() as AddressInfo).port)
  const far = openDatabase(url.href, 2, (error) => broken.push(error), 500)
  try {
    expect((await far.db.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }])
    gone = true
    const asked = inTransaction(far.db, (tx) => tx.execute(sql`select 1`))
    await expect(asked).rejects.toThrow()
    gone = false
    expect((await far.db.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }])
  } finally {
    for (const socket of sockets) socket.destroy()
    await far.close()
    line.close()
  }
})

test('every connection reads what is asked for by id by its index', async () => {
  const asked = Array.from({ length: 4 }, () => database.db.execute(sql`show random_page_cost`))
  const costs = (await Promise.all(asked)).flatMap(({ rows }) => rows)
  expect(costs).toEqual(Array.from({ length: 4 }, () => ({ random_page_cost: '1.1' })))
})

test('a transaction that loses a deadlock is run again', async () => {
  const { db } = database
  await db.execute(sql`create table pair (id int primary key, hits int not null)`)
  await db.execute(sql`insert into pair values (1, 0), (2, 0)`)
  const both = (first: number, second: number) =>
    inTransaction(db, async (tx) => {
      await tx.execute(sql`update pair set hits = hits + 1 where id = ${first}`)
      await sleep(100)
      await tx.execute(sql`update pair set hits = hits + 1 where id = ${second}`)
    })
  await Promise.all([both(1, 2), both(2, 1)])
  expect((await db.execute(sql`select hits from pair`)).rows).toEqual([{ hits: 2 }, { hits: 2 }])
})

test('the state of an error is found however deep it lies', async () => {
  const error: unknown = await database.db.execute(sql`select 1 / 0`).catch((reason: unknown) => reason)
  expect(sqlState(error)).toBe('22012')
  expect(sqlState(new Error('x'))).toBeNull()
})

test('a transaction inside of a transaction is refused, for its end would be no end', async () => {
  const nested = inTransaction(database.db, (tx) => inTransaction(tx, async () => {}))
  await expect(nested).rejects.toThrow('transaction already')
})

test('a turn that a clock ahead of this one took is taken back', async () => {
  await migrate(place.url)
  const { db } = database
  const now = new Date()
  expect(await takeTurn(db, 'turn', 60_000, now)).toBe(true)
  expect(await takeTurn(db, 'turn', 60_000, now)).toBe(false)
  await putSetting(db, 'turn', { at: new Date(Date.now() + 3_600_000).toISOString() }, now)
  expect(await readTurnAge(db, 'turn')).toBeLessThan(-3_000_000)
  expect(await takeTurn(db, 'turn', 60_000, now)).toBe(true)
  expect(Math.abs((await readTurnAge(db, 'turn'))!)).toBeLessThan(60_000)
})
