import {
  type PostgresConnectionOptions,
  type Processor,
  Queue,
  type QueueOptions,
  runMigrations,
  withBackend,
  Worker,
  type WorkerOptions,
} from 'bullmq'
import type { Cluster, Redis } from 'ioredis'
import pg from 'pg'
import { z } from 'zod'
import type { Logger } from 'pino'
import { createPatientBackend } from './patient-backend.ts'
import { patience } from '../src/store/db.ts'
import { connectRedis } from './redis.ts'

/** What each job carries: an id and which try this is, never personal data. A job is a hint; Postgres decides. */
export const jobSchemas = {
  tick: z.object({}),
  /** First attempts of first mails: of their own, so that no backlog and no hung call is before them. */
  first: z.object({ dispatchId: z.uuid(), attempt: z.number().int().positive() }),
  dispatch: z.object({ dispatchId: z.uuid(), attempt: z.number().int().positive() }),
  alert: z.object({ alertId: z.uuid(), attempt: z.number().int().positive() }),
  reading: z.object({ eventId: z.uuid(), attempt: z.number().int().positive() }),
}
type QueueName = keyof typeof jobSchemas
type JobData<Name extends QueueName> = z.infer<(typeof jobSchemas)[Name]>

/** Postgres holds every retry and every record, so a job is tried once and leaves nothing behind. */
const jobPolicy = { attempts: 1, removeOnComplete: true, removeOnFail: true }

/** A job whose process died is given to another one after this; a job that runs twice finds nothing left to do. */
const stallPolicy = { lockDuration: 10_000, stalledInterval: 5_000, maxStalledCount: 100 }

/** On PostgreSQL a bulk makes temporary tables: no more jobs than these are added faster one by one. */
const fewJobs = 8

/** On PostgreSQL each of the five workers pins one connection for LISTEN, so the pool has to be larger. */
const usualPool = 12

/** Nudges closer together than this become one. */
const nudgeMs = 20

export type Queues = {
  backend: 'redis' | 'postgres'
  /** All of them, to look at. */
  all: readonly Queue[]
  add<Name extends QueueName>(name: Name, jobs: { id: string; data: JobData<Name> }[]): Promise<void>
  /** Asks for a tick within milliseconds; never waits, never throws. */
  wake(): void
  /** Makes sure that the heartbeat beats once a second. */
  upsertHeartbeat(): Promise<void>
  work(name: QueueName, processor: Processor, options: Omit<WorkerOptions, 'connection'>): Worker
  close(): Promise<void>
}

type Options = {
  redisUrl: string | null
  databaseUrl: string
  /** Sets services apart that share one Redis, a hash tag; on PostgreSQL the database does. */
  prefix?: string
  /** One address of Redis is that of a cluster. */
  cluster?: boolean
  /** Connections for queues on PostgreSQL. */
  pool?: number
  log: Logger
}

/**
 * Opens the queues on Redis when there is one, else on the PostgreSQL that is there anyway: the only place that knows.
 * Throws when PostgreSQL cannot be reached; a Redis that is away is waited for.
 */
export async function openQueues(options: Options): Promise<Queues> {
  const { log } = options
  const onError = rareErrors(log)
  const backend = options.redisUrl
    ? redisBackend(options.redisUrl, options, onError)
    : await postgresBackend(options.databaseUrl, options.pool ?? usualPool, onError)
  const queues = {
    tick: backend.queue('tick'),
    first: backend.queue('first'),
    dispatch: backend.queue('dispatch'),
    alert: backend.queue('alert'),
    reading: backend.queue('reading'),
  }
  for (const queue of Object.values(queues)) queue.on('error', onError)
  let nudge: NodeJS.Timeout | null = null
  return {
    backend: options.redisUrl ? 'redis' : 'postgres',
    all: Object.values(queues),
    async add(name, jobs) {
      const bulk = jobs.map(({ id, data }) => ({ name, data, opts: { ...jobPolicy, jobId: id } }))
      if (options.redisUrl === null && bulk.length <= fewJobs)
        await Promise.all(bulk.map(({ data, opts }) => queues[name].add(name, data, opts)))
      else if (bulk.length > 0) await queues[name].addBulk(bulk)
    },
    wake() {
      nudge ??= setTimeout(() => {
        nudge = null
        addUnlessWaiting(queues.tick).catch(onError)
      }, nudgeMs)
    },
    async upsertHeartbeat() {
      await queues.tick.upsertJobScheduler(
        'heartbeat',
        { every: 1_000 },
        { name: 'tick', data: {}, opts: jobPolicy },
      )
    },
    work(name, processor, workerOptions) {
      const worker = backend.worker(name, processor, { ...stallPolicy, ...workerOptions })
      worker.on('error', onError)
      worker.on('failed', (_job, error) => log.error({ queue: name, error: error.name }, 'job failed'))
      return worker
    },
    async close() {
      if (nudge) clearTimeout(nudge)
      await Promise.allSettled(Object.values(queues).map((queue) => queue.close()))
      await backend.close()
    },
  }
}

/** A tick that waits already sees all that a nudge is about. More of them would only be in each other's way. */
async function addUnlessWaiting(ticks: Queue): Promise<void> {
  if ((await ticks.getWaitingCount()) === 0) await ticks.add('tick', {}, jobPolicy)
}

type Backend = {
  queue(name: QueueName): Queue
  worker(name: QueueName, processor: Processor, options: Omit<WorkerOptions, 'connection'>): Worker
  close(): Promise<void>
}

function redisBackend(
  url: string,
  { prefix = '{nurture}', cluster = false, log }: Options,
  onError: (error: Error) => void,
): Backend {
  // A producer that waits for a Redis that is away would hold up a webhook's answer.
  const producer = connectRedis(url, { maxRetries: 1, cluster })
  const consumer = connectRedis(url, { maxRetries: null, cluster })
  for (const connection of [producer, consumer]) connection.on('error', onError)
  producer.once('ready', () => warnOfEviction(producer, log).catch(onError))
  return {
    queue: (name) =>
      new Queue(name, {
        connection: producer,
        prefix,
        skipWaitingForReady: true,
        // Nobody reads them, and BullMQ would keep ten thousand.
        streams: { events: { maxLen: 100 } },
      } as QueueOptions),
    worker: (name, processor, options) =>
      new Worker(name, processor, { ...options, connection: consumer, prefix }),
    async close() {
      for (const connection of [producer, consumer]) connection.disconnect()
    },
  }
}

/** One plain line: BullMQ says it too, but on the console, once for each of its connections. */
async function warnOfEviction(redis: Redis | Cluster, log: Logger): Promise<void> {
  const policy = /maxmemory_policy:(\S+)/.exec(await redis.info('memory'))?.[1]
  if (policy && policy !== 'noeviction')
    log.warn(
      `Redis has maxmemory-policy ${policy}: set noeviction, or wake-ups get lost when its memory is full`,
    )
}

async function postgresBackend(url: string, max: number, onError: (error: Error) => void): Promise<Backend> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', onError)
  await client.connect()
  try {
    await runMigrations(client)
  } finally {
    await client.end()
  }
  const pool = new pg.Pool({
    connectionString: url,
    max,
    ...patience,
    application_name: 'nurture-queues',
    // Jobs are only wake-ups: what a crash of the server takes before it is on disk, the next tick adds again.
    options: '-c search_path=bullmq -c synchronous_commit=off',
  })
  // Each queue and each worker listens to it: one more than makes Node suspect a leak.
  pool.setMaxListeners(20)
  pool.on('error', onError)
  pool.on('connect', (lent) => lent.on('error', onError))
  const onPostgres = withBackend(createPatientBackend)
  // BullMQ types the pool by hand, and exact optional properties make the real one differ in name only.
  const connection = pool as unknown as PostgresConnectionOptions
  return {
    queue: (name) => new onPostgres.Queue(name, { connection }) as unknown as Queue,
    worker: (name, processor, options) =>
      new onPostgres.Worker(name, processor, { ...options, connection }) as unknown as Worker,
    close: () => pool.end(),
  }
}

/** A backend that is away complains many times a second; one line in five is enough to know. */
function rareErrors(log: Logger): (error: Error) => void {
  let quietUntil = 0
  return (error) => {
    if (Date.now() < quietUntil) return
    quietUntil = Date.now() + 5_000
    log.warn({ error: error.name, code: (error as NodeJS.ErrnoException).code }, 'queue trouble')
  }
}
