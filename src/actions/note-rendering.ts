import type { Context } from '../context.ts'
import { addRenderCounts } from '../store/render-counts.ts'

/**
 * Notes how mails were rendered since it was last called: `/health` shows it, and a mail that differed most of all.
 * Not while sealing, for every worker that seals writes this one row.
 */
export async function noteRendering(ctx: Pick<Context, 'db' | 'clock' | 'renderer'>): Promise<void> {
  const counts = ctx.renderer.takeCounts()
  if (counts.compiled + counts.direct > 0) await addRenderCounts(ctx.db, counts, ctx.clock.now())
}
