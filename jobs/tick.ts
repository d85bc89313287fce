import { runTick } from '../src/actions/run-tick.ts'
import type { Context } from '../src/context.ts'
import type { Queues } from './queues.ts'

/**
 * Ticks until nothing is left to seal, and hands the workers each part as it is ready. A queued job is not queued
 * twice. Seals no more once the process is `closing`.
 */
export async function tick(ctx: Context, queues: Queues, closing: () => boolean): Promise<void> {
  let more = !closing()
  while (more) {
    const result = await runTick(ctx)
    const jobs = result.dispatches.map(({ id, attempt, reserved }) => ({
      id: `${id}-${attempt}`,
      data: { dispatchId: id, attempt },
      reserved,
    }))
    await queues.add(
      'first',
      jobs.filter(({ reserved }) => reserved),
    )
    await queues.add(
      'dispatch',
      jobs.filter(({ reserved }) => !reserved),
    )
    await queues.add(
      'alert',
      result.alerts.map(({ id, attempt }) => ({ id: `${id}-${attempt}`, data: { alertId: id, attempt } })),
    )
    await queues.add(
      'reading',
      result.readings.map(({ id, attempt }) => ({ id: `${id}-${attempt}`, data: { eventId: id, attempt } })),
    )
    more = result.more && !closing()
  }
}
