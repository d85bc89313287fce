import { runTick, type TickResult } from '../src/actions/run-tick.ts'
import type { Context } from '../src/context.ts'
import type { Queues } from './queues.ts'

/** Ticks, and hands the workers what it found; true when there is more to seal. */
export async function tick(ctx: Context, queues: Queues): Promise<boolean> {
  const result = await runTick(ctx)
  const { alerts, readings } = result
  await Promise.all([
    queueDispatches(queues, result.dispatches),
    queues.add(
      'alert',
      alerts.map(({ id, attempt }) => ({ id: `${id}-${attempt}`, data: { alertId: id, attempt } })),
    ),
    queues.add(
      'reading',
      readings.map(({ id, attempt }) => ({ id: `${id}-${attempt}`, data: { eventId: id, attempt } })),
    ),
  ])
  return result.more
}

/** Queues what may be sent. What is queued already is not queued twice. */
export async function queueDispatches(queues: Queues, dispatches: TickResult['dispatches']): Promise<void> {
  const jobs = dispatches.map(({ id, attempt, reserved }) => ({
    id: `${id}-${attempt}`,
    data: { dispatchId: id, attempt },
    reserved,
  }))
  await Promise.all([
    queues.add(
      'first',
      jobs.filter(({ reserved }) => reserved),
    ),
    queues.add(
      'dispatch',
      jobs.filter(({ reserved }) => !reserved),
    ),
  ])
}
