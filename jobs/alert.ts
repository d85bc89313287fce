import { sendAlert } from '../src/actions/send-alert.ts'
import type { Context } from '../src/context.ts'
import { jobSchemas } from './queues.ts'

/** Mails the alert that the job names, if it still waits. */
export async function alert(ctx: Context, data: unknown): Promise<void> {
  await sendAlert(ctx, jobSchemas.alert.parse(data).alertId)
}
