import type { FilledRoom } from '../src/actions/fill-room.ts'
import type { Queues } from './queues.ts'

/** Names one generation of a job: what is queued already is not queued twice. */
export const jobIdOf = ({ id, attempt }: { id: string; attempt: number }) => `${id}-${attempt}`

/** Queues what may be sent. */
export async function queueDispatches(queues: Queues, dispatches: FilledRoom['dispatches']): Promise<void> {
  const jobs = dispatches.map((one) => ({
    id: jobIdOf(one),
    data: { dispatchId: one.id, attempt: one.attempt },
    reserved: one.reserved,
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
