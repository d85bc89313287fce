import { readEvent } from '../src/actions/receive-event.ts'
import type { Context } from '../src/context.ts'
import { jobSchemas } from './queues.ts'

/** Asks about the event that the job names, if it still waits. */
export async function reading(ctx: Context, data: unknown): Promise<void> {
  await readEvent(ctx, jobSchemas.reading.parse(data).eventId)
}
