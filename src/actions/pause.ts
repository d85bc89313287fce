import type { Context } from '../context.ts'
import { insertAlert } from '../store/alerts.ts'
import { type Db, inTransaction } from '../store/db.ts'
import { type Pause, pauseSending } from '../store/pause.ts'

/** Pauses all sending and alerts the front desk: once per pause, and again when a longer one takes its place. */
export async function pause(ctx: Pick<Context, 'db' | 'clock' | 'log'>, input: Pause): Promise<void> {
  await inTransaction(ctx.db, (tx) => pauseInside(ctx, tx, input))
}

/** The same inside the caller's transaction. */
export async function pauseInside(ctx: Pick<Context, 'clock' | 'log'>, tx: Db, input: Pause): Promise<void> {
  const isNew = await pauseSending(tx, input, ctx.clock.now())
  if (!isNew) return
  await insertAlert(
    tx,
    { kind: 'sending-paused', captureId: null, reason: pauseInWords(input) },
    ctx.clock.now(),
  )
  ctx.log.error({ reason: input.reason, until: input.until }, 'sending is paused')
}

/** Why nothing is sent, and until when, as a person reads it. */
export const pauseInWords = ({ reason, until }: Pause) => (until ? `${reason}, until ${until}` : reason)
