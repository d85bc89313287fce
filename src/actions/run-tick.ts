import type { Context } from '../context.ts'
import { gatherDigest, listDueAlerts } from '../store/alerts.ts'
import { clearKeptBodies } from '../store/kept-mails.ts'
import { listPendingEvents, listUnreadEvents } from '../store/events.ts'
import { endExpiredPause } from '../store/pause.ts'
import { takeTurn } from '../store/turns.ts'
import { applyEvent, askedProviders } from './receive-event.ts'
import { type FilledRoom, fillRoom } from './fill-room.ts'
import { noteRendering } from './note-rendering.ts'
import { refreshBrand } from './refresh-brand.ts'
import { watchSending } from './watch-sending.ts'
import { watchSources } from './watch-sources.ts'

/** What the queue should be told: each entry is a job that may run now. `attempt` tells its generations apart. */
export type TickResult = FilledRoom & {
  alerts: { id: string; attempt: number }[]
  /** Events that must be asked about: of tools that name nobody, and of mail that came in. */
  readings: { id: string; attempt: number }[]
}

/** An event older than this was not applied when it came. */
const eventGraceMs = 5_000
const jobsPerTick = 200
/** That there are ticks at all is noted no oftener. */
const noteMs = 250
/** Old mails go a few at a time, so that no tick waits for it: room for a hundred thousand mails an hour. */
const clearing = { everyMs: 60_000, dispatches: 20 }

/**
 * One beat of the scheduler: takes up events left over, seals what is due, and lists what may be sent.
 * Any number of them may run at once: row locks keep them out of each other's way.
 */
export async function runTick(ctx: Context): Promise<TickResult> {
  await takeTurn(ctx.db, 'tick', noteMs, ctx.clock.now())
  await endExpiredPause(ctx.db)
  await refreshBrand(ctx)
  const before = new Date(ctx.clock.now().getTime() - eventGraceMs)
  const asked = askedProviders(ctx)
  const pending = await listPendingEvents(ctx.db, { before, except: asked, limit: jobsPerTick })
  for (const id of pending) await applyEvent(ctx, id)
  const filled = await fillRoom(ctx)
  await noteRendering(ctx)
  await clearOldMails(ctx)
  await watchSources(ctx)
  await watchSending(ctx)
  await gatherDigest(ctx.db, ctx.clock.now())
  const alerts = await listDueAlerts(ctx.db, ctx.clock.now(), jobsPerTick)
  // A rest is for sending: what must be asked about is asked all the same.
  const readings = await listUnreadEvents(ctx.db, asked, jobsPerTick)
  return {
    ...filled,
    alerts: alerts.map(({ id, attempts }) => ({ id, attempt: attempts + 1 })),
    readings: readings.map(({ id, failures }) => ({ id, attempt: failures + 1 })),
  }
}

/** Lets go of what was sent so long ago that nobody needs to see it word for word any more. */
async function clearOldMails({ db, clock, config }: Context): Promise<void> {
  const now = clock.now()
  if (!(await takeTurn(db, 'clear-mails', clearing.everyMs, now))) return
  await clearKeptBodies(db, new Date(now.getTime() - config.sending.keepMailsMs), clearing.dispatches)
}
