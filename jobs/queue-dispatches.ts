import type { FilledRoom } from '../src/actions/fill-room.ts'
import type { Queues } from './queues.ts'

/** Queues what may be sent. What is queued already is not queued twice. */
export async function queueDispatches(queues: Queues, dispatches: FilledRoom['dispatches']): Promise<void> {
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
