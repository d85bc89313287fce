import { fillRoom } from '../src/actions/fill-room.ts'
import type { Context } from '../src/context.ts'
import { jobIdOf, queueDispatches } from './queue-dispatches.ts'
import type { Queues } from './queues.ts'

/** Seals in this process whenever sending has room again, so that a backlog need not wait for the next tick. */
export type Sealer = {
  /** There is room, or there may be more to seal. Never waits, never throws. */
  wake(): void
  /** Begins nothing more; resolves when what is under way has ended. */
  close(): Promise<void>
}

/** Two rounds at once: while one renders, the database claims and writes for the other. */
const lanes = 2
/** Envelopes that end within this time are followed by one round. */
const gatherMs = 20

/** A sealer that rests until it is first woken. */
export function createSealer(ctx: Context, queues: Queues): Sealer {
  const running = new Set<Promise<void>>()
  let timer: NodeJS.Timeout | null = null
  let closed = false
  let asked = false
  /** What the last round found: it is queued. The next tick queues it again, should the queue have lost it. */
  let queued = new Set<string>()

  async function seal(): Promise<void> {
    const goesOn = (more: boolean) => (more || asked) && !closed
    let more = true
    while (goesOn(more)) {
      asked = false
      const round = await fillRoom(ctx)
      more = round.more
      if (more) start()
      await queueDispatches(
        queues,
        round.dispatches.filter((one) => !queued.has(jobIdOf(one))),
      )
      queued = new Set(round.dispatches.map(jobIdOf))
    }
  }

  function start(): void {
    timer = null
    asked = true
    if (closed || running.size >= lanes) return
    const lane: Promise<void> = seal()
      // The next tick does what this one did not.
      .catch((error: Error) => ctx.log.warn({ error: error.name }, 'sealing failed'))
      .finally(() => running.delete(lane))
    running.add(lane)
  }

  return {
    wake() {
      if (!closed) timer ??= setTimeout(start, gatherMs)
    },
    async close() {
      closed = true
      if (timer) clearTimeout(timer)
      await Promise.all(running)
    },
  }
}
