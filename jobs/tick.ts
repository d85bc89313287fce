import { runTick } from '../src/actions/run-tick.ts'
import type { Context } from '../src/context.ts'
import { queueDispatches } from './queue-dispatches.ts'
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
