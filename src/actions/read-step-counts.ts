import type { Context } from '../context.ts'
import { takeTurn } from '../store/turns.ts'
import { countSteps, findStepCounts, type StepCounts } from '../store/step-counts.ts'

/** Counting rests this many times as long as it took, so that it costs a fiftieth of one connection at most. */
const restFactor = 50
/** So quick that whoever looks can wait for it. */
const quickMs = 200

/**
 * How many deliveries of each step stand where. A service with little stored counts at once; one with millions answers
 * with what was counted last and counts behind the answer, one process at a time.
 */
export async function readStepCounts(ctx: Pick<Context, 'db' | 'clock' | 'log'>): Promise<StepCounts> {
  const now = ctx.clock.now()
  const stored = await findStepCounts(ctx.db)
  if (!stored) return countSteps(ctx.db, now)
  if (!(await takeTurn(ctx.db, 'step-counts-turn', stored.tookMs * restFactor, now))) return stored
  const counting = countSteps(ctx.db, now)
  if (stored.tookMs <= quickMs) return counting
  counting.catch((error: Error) => ctx.log.warn({ error: error.name }, 'the steps could not be counted'))
  return stored
}
