import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import pg from 'pg'

/** The database, or a transaction in it: every function of the store takes one first. `$client` is for `named`. */
export type Db = NodePgDatabase & { $client: Pick<pg.PoolClient, 'query'> }

export type Database = { db: Db; pool: pg.Pool; close(): Promise<void> }

/**
 * What is asked for by id is read by its index. At PostgreSQL's default, made for disks that turn, an envelope's hundred
 * leads are found by reading all leads, up to some hundred thousand of them. Said by statement, for a pooler in between
 * may refuse it as an option of the connection.
 */
const readByIndex = 'set random_page_cost = 1.1'

/**
 * What a pool bears of a server that is gone without a word, as after a failover: without it a call would hang until TCP
 * gives up. No statement takes so long, and nobody waits longer for a connection, or for a turn in a pool that is busy.
 */
export const patience = {
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  connectionTimeoutMillis: 30_000,
  query_timeout: 120_000,
}

/**
 * Opens a pool of `max` connections; nothing is sent before the first query. `onError` hears of those that broke. A
 * statement that is not answered within `queryMs` is rejected, and its connection given up.
 */
export function openDatabase(
  url: string,
  max: number,
  onError: (error: Error) => void,
  queryMs = patience.query_timeout,
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: 'nurture',
    ...patience,
    query_timeout: queryMs,
    // Statements that are sent without waiting for each other travel together. Each still fails by itself.
    pipeline: true,
  })
  pool.on('error', onError)
  // The pool listens to idle connections only: one that breaks while it is lent out would end the process.
  pool.on('connect', (client) => {
    client.on('error', onError)
    client.query(readByIndex).catch(onError)
  })
  return { db: drizzle(pool), pool, close: () => pool.end() }
}

/** serialization_failure and deadlock_detected (PostgreSQL manual, appendix A): the loser only has to try again. */
const retryable: readonly string[] = ['40001', '40P01']
const tries = 4

/** Somebody else stored the same row first. */
export const uniqueViolation = '23505'

/** Runs `work` in one transaction, again from the start when it lost a race inside the database. */
export async function inTransaction<T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  return untilWon(
    () =>
      onConnection(db, async (client, tx) => {
        await client.query('begin')
        const result = await work(tx)
        confirm(await client.query('commit'))
        return result
      }),
    [],
  )
}

/** What `inTwoTrips` has sent last. `more`: what is left to do in the same transaction, null when nothing is. */
type Told<Result> = {
  result: Result
  told: Promise<unknown>
  more: (() => Promise<void>) | null
}

/**
 * One transaction in two trips to the database: `ask` sends all its statements without waiting in between, and they go
 * with the `begin`; what `tell` sends at once goes with the `commit`. Between them an event loop that is busy is waited
 * for once, and not at every statement. What seldom has more to do says so with `more`, which runs before the commit, in
 * trips of its own. Resolves with `result` once it is committed. Runs again from the start when it lost a race;
 * `alsoRetry` are further SQLSTATEs that mean so for this work.
 */
export async function inTwoTrips<Answer, Result>(
  db: Db,
  ask: (tx: Db) => Promise<Answer>,
  tell: (tx: Db, answer: Answer) => Told<Result>,
  alsoRetry: readonly string[],
): Promise<Result> {
  return untilWon(
    () =>
      onConnection(db, async (client, tx) => {
        const [, answer] = await Promise.all(together(tx, () => [client.query('begin'), ask(tx)]))
        const [{ result, told, more }, committed] = together(tx, () => {
          const last = tell(tx, answer)
          return [last, last.more ? null : client.query('commit')]
        })
        if (more) {
          await told
          await more()
        }
        const [, confirmed] = await Promise.all([told, committed ?? client.query('commit')])
        confirm(confirmed)
        return result
      }),
    alsoRetry,
  )
}

/**
 * What `send` sends before it returns leaves in one packet. By themselves they would arrive together as well, but each
 * wakes the database, which then takes this process's place on the processor.
 */
export function together<T>({ $client }: Pick<Db, '$client'>, send: () => T): T {
  const { stream } = ($client as pg.PoolClient).connection
  stream.cork()
  try {
    return send()
  } finally {
    stream.uncork()
  }
}

/** PostgreSQL answers a commit after an error that nobody noticed with a rollback. */
function confirm({ command }: pg.QueryResult): void {
  if (command !== 'COMMIT') throw new Error('A transaction was rolled back at its commit')
}

/** Lends `work` a connection of its own, and rolls back what it leaves undone when it fails. */
async function onConnection<T>(db: Db, work: (client: pg.PoolClient, tx: Db) => Promise<T>): Promise<T> {
  if (!(db.$client instanceof pg.Pool)) throw new Error('There is a transaction already: hand it on')
  const client = await db.$client.connect()
  let broken = false
  try {
    return await work(client, drizzle(client))
  } catch (error) {
    broken = await client.query('rollback').then(
      () => false,
      () => true,
    )
    throw error
  } finally {
    client.release(broken)
  }
}

async function untilWon<T>(work: () => Promise<T>, alsoRetry: readonly string[]): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const state = sqlState(error) ?? ''
      if (attempt === tries || !(retryable.includes(state) || alsoRetry.includes(state))) throw error
    }
  }
}

/** The SQLSTATE of an error, however deep the driver or the ORM wrapped it; null for any other error. */
export function sqlState(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string' && /^[0-9A-Z]{5}$/.test(cause.code))
      return cause.code
  }
  return null
}
