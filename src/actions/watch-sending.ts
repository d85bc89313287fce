import type { Context } from '../context.ts'
import { insertAlert } from '../store/alerts.ts'
import { findOutage, outageMs } from '../store/outage.ts'
import { findPause } from '../store/pause.ts'
import { countLongParked } from '../store/problems.ts'
import { takeTurn } from '../store/turns.ts'
import { countMailsInTrouble } from '../store/troubled-deliveries.ts'

const everyMs = 10 * 60_000

/**
 * Tells of what waits for a person, once a day each: mails that failed or are parked, what came in and could not be
 * understood, and a provider that gives no clear answer. One process at a time, now and then.
 */
export async function watchSending(ctx: Pick<Context, 'db' | 'clock' | 'log'>): Promise<void> {
  const now = ctx.clock.now()
  if (!(await takeTurn(ctx.db, 'watch-sending', everyMs, now))) return
  const tell = (kind: 'mails-in-trouble' | 'parked' | 'sending-unclear') =>
    insertAlert(
      ctx.db,
      { kind, key: `${kind}:${now.toISOString().slice(0, 10)}`, captureId: null, reason: null },
      now,
    )
  if ((await countMailsInTrouble(ctx.db)) > 0) await tell('mails-in-trouble')
  const parked = await countLongParked(ctx.db, now)
  if (parked.captures + parked.events > 0) await tell('parked')
  if ((await findPause(ctx.db)) || !(await findOutage(ctx.db, now, outageMs))) return
  // The alert goes through the same provider: the log is what tells of it at once.
  ctx.log.error('the provider gives no clear answer: mail is late')
  await tell('sending-unclear')
}
