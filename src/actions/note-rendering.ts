import type { Context } from '../context.ts'
import type { Db } from '../store/db.ts'
import { addRenderCounts } from '../store/render-counts.ts'

/**
 * Notes how mails were rendered since it was last called: `/health` shows it, and a mail that differed most of all.
 * Last in its transaction, for every worker that seals writes this one row.
 */
export async function noteRendering(ctx: Context, tx: Db): Promise<void> {
  const counts = ctx.renderer.takeCounts()
  if (counts.compiled + counts.direct > 0) await addRenderCounts(tx, counts, ctx.clock.now())
}
