import { sendDispatch } from '../src/actions/send-dispatch.ts'
import type { Context } from '../src/context.ts'
import { jobSchemas } from './queues.ts'

/** Attempts the dispatch that the job names, if it may still be attempted. */
export async function dispatch(ctx: Context, data: unknown): Promise<void> {
  await sendDispatch(ctx, jobSchemas.dispatch.parse(data).dispatchId)
}
