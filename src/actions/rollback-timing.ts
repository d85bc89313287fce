import type { Context } from '../context.ts'
import type { CopyFinding } from '../core/copy.ts'
import { Problem } from '../core/problem.ts'
import { inTransaction } from '../store/db.ts'
import { listTimings, timingActs } from '../store/step-timings.ts'
import { checkTimings, putInForce } from './publish-timing.ts'
import { requireSequence } from './timing-draft.ts'

/**
 * Brings earlier delays and windows back, as a new revision for enrollments that begin from now on; `to` 0 means those
 * in code. `over` is the revision that the person saw in force. Returns the new revision's number and the warnings.
 * Throws Problem `conflict` when another is in force by now, `not-found`, and `invalid` for times that cannot be any more.
 */
export async function rollbackTiming(
  ctx: Context,
  input: { sequence: string; to: number; over: number; note: string | null; actor: string },
): Promise<{ revision: number; warnings: CopyFinding[] }> {
  const { to, over, note, actor } = input
  const sequence = requireSequence(ctx, input.sequence)
  if (to === over) throw new Problem('conflict', 'These times are in force already: nothing to go back to.')
  const past = await listTimings(ctx.db, sequence.key)
  const earlier = past.find(({ revision }) => revision === to)
  if (to !== 0 && !earlier) throw new Problem('not-found', 'Such times were never published.')
  const timings = earlier?.steps ?? {}
  const warnings = checkTimings(ctx, sequence, timings)
  const more = { from: to, note }
  await inTransaction(ctx.db, (tx) =>
    putInForce(ctx, tx, { sequence, timings, over, actor, action: timingActs.goBack, more }),
  )
  return { revision: over + 1, warnings }
}
