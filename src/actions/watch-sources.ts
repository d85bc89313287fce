import type { Context } from '../context.ts'
import { isSilent, silence } from '../core/alert.ts'
import { importAdapter } from '../core/capture.ts'
import { insertAlert } from '../store/alerts.ts'
import { takeTurn } from '../store/turns.ts'
import { listCaptureTimes, listSources } from '../store/sources.ts'

const everyMs = 10 * 60_000

/** Tells of a source that used to send and has fallen silent, once for each silence; one process at a time, now and then. */
export async function watchSources(ctx: Pick<Context, 'db' | 'clock'>): Promise<void> {
  const now = ctx.clock.now()
  if (!(await takeTurn(ctx.db, 'watch-sources', everyMs, now))) return
  for (const { id, adapter } of await listSources(ctx.db)) {
    if (adapter === importAdapter) continue
    const times = await listCaptureTimes(ctx.db, id, silence.looked)
    if (!isSilent(times, now)) continue
    const key = `source-silent:${id}:${times[0]!.toISOString()}`
    await insertAlert(
      ctx.db,
      { kind: 'source-silent', key, sourceId: id, captureId: null, reason: null },
      now,
    )
  }
}
