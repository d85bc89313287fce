import { runTick } from '../src/actions/run-tick.ts'
import type { Context } from '../src/context.ts'
import type { Queues } from './queues.ts'

/** Runs one tick and hands what may be sent to the workers. A job that is queued already is not queued twice. */
export async function tick(ctx: Context, queues: Queues): Promise<void> {
  const { dispatches, alerts } = await runTick(ctx)
  await queues.add(
    'dispatch',
    dispatches.map(({ id, attempt }) => ({ id: `${id}-${attempt}`, data: { dispatchId: id, attempt } })),
  )
  await queues.add(
    'alert',
    alerts.map(({ id, attempt }) => ({ id: `${id}-${attempt}`, data: { alertId: id, attempt } })),
  )
}
