import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../src/context.ts'
import { shareForFirst, shareForOthers } from '../src/core/dispatch.ts'
import { withAdvisoryLock } from '../src/store/advisory-lock.ts'
import { readTurnAge } from '../src/store/turns.ts'
import { alert } from './alert.ts'
import { dispatch } from './dispatch.ts'
import type { Queues } from './queues.ts'
import { reading } from './reading.ts'
import { createSealer } from './sealer.ts'
import { tick } from './tick.ts'

/** After this long without a tick anywhere, a worker ticks by itself and sets the heartbeat going again. */
const silenceMs = 3_000
const watchMs = 1_000
/** The lock on the heartbeat is not held longer than this for a queue that does not answer. */
const upsertMs = 5_000
/** Shutdown waits this long for calls in flight; what is cut off is found by its lease. */
const closeMs = 20_000
/** Any number will do, as long as it is ours alone. */
const heartbeatLock = 7_301_945

export type RunningWorker = { close(): Promise<void> }

/** Starts ticking, dispatching, alerting and asking other tools in this process. `close` finishes what is in flight, within a bound. */
export async function startWorker(ctx: Context, queues: Queues): Promise<RunningWorker> {
  const { concurrency, firstConcurrency, requestsPerSecond } = ctx.config.sending
  let closing = false
  const sealer = createSealer(ctx, queues)
  const sending: Context = { ...ctx, wake: (only) => (only === 'room' ? sealer.wake() : ctx.wake()) }
  const beat = async () => {
    if (!closing && (await tick(ctx, queues))) sealer.wake()
  }
  const workers = [
    // Of a queue of its own, so that a tick never waits behind dispatches.
    queues.work('tick', beat, { concurrency: 1 }),
    queues.work('first', (job) => dispatch(sending, job.data), {
      concurrency: firstConcurrency,
      limiter: spreadOverSecond(shareForFirst(requestsPerSecond)),
    }),
    queues.work('dispatch', (job) => dispatch(sending, job.data), {
      concurrency,
      limiter: spreadOverSecond(shareForOthers(requestsPerSecond)),
    }),
    queues.work('alert', (job) => alert(ctx, job.data), {
      concurrency: 1,
      limiter: { max: 1, duration: 1_000 },
    }),
    // Of a queue of its own too: a tool that is slow holds up only other questions, of bookings, ad leads and replies.
    queues.work('reading', (job) => reading(ctx, job.data), { concurrency: 2 }),
  ]
  // A queue that is away at the start is waited for: the watch below sets the heartbeat going once it is back.
  await upsertHeartbeat(ctx, queues).catch((error: Error) =>
    ctx.log.warn({ error: error.name }, 'no heartbeat yet'),
  )
  let reviving = false
  const watch = setInterval(() => {
    // One at a time: each holds a connection, and a queue that hangs must not take them all.
    if (closing || reviving) return
    reviving = true
    revive(ctx, queues, beat)
      .catch((error: Error) => ctx.log.warn({ error: error.name }, 'no tick'))
      .finally(() => (reviving = false))
  }, watchMs)
  queues.wake()
  return {
    async close() {
      closing = true
      clearInterval(watch)
      await Promise.race([
        Promise.allSettled([sealer.close(), ...workers.map((worker) => worker.close())]),
        sleep(closeMs, undefined, { ref: false }),
      ])
    },
  }
}

/**
 * The limit over all processes, in windows far shorter than a second. BullMQ counts in fixed windows: with one of a
 * whole second, the end of one and the start of the next let twice the limit through within a moment.
 * Each queue has windows of its own: of each, any second sees at most its share and one window's calls more.
 */
function spreadOverSecond(perSecond: number): { max: number; duration: number } {
  const max = Math.max(1, Math.floor(perSecond / 8))
  return { max, duration: Math.ceil((1_000 * max) / perSecond) }
}

/** Several processes that create one scheduler at once can break it for good, so they take turns. */
async function upsertHeartbeat(ctx: Context, queues: Queues): Promise<void> {
  await withAdvisoryLock(ctx.db, heartbeatLock, () => Promise.race([queues.upsertHeartbeat(), tooLong()]))
}

async function tooLong(): Promise<never> {
  await sleep(upsertMs, undefined, { ref: false })
  throw new Error('The queue does not answer')
}

async function revive(ctx: Context, queues: Queues, beat: () => Promise<void>): Promise<void> {
  const age = await readTurnAge(ctx.db, 'tick')
  // A tick that lies in the future comes from a clock that was wrong: it proves nothing.
  if (age !== null && Math.abs(age) < silenceMs) return
  ctx.log.warn('no tick was seen, ticking here')
  await beat()
  await upsertHeartbeat(ctx, queues)
}
