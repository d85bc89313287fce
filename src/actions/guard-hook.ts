import type { Context } from '../context.ts'
import { isRefusing } from '../core/alert.ts'
import { Problem } from '../core/problem.ts'
import { insertAlert } from '../store/alerts.ts'
import { countHookRefused, endHookRefusals } from '../store/hook-refusals.ts'

/** Good calls come by the thousand: one in so long is enough to end a run of refusals. */
const goodForMs = 1_000

/**
 * Verifies the calls of a tool's webhook: counts what is refused, and tells the front desk when nothing good has come of
 * the tool for a while, as for a source. `isSetUp`: the tool is in use here; nobody is told of calls to one that is not.
 */
export function guardHook(
  ctx: Pick<Context, 'db' | 'clock'>,
): (tool: string, isSetUp: boolean, verify: () => void) => Promise<void> {
  const goodAt = new Map<string, number>()
  return async (tool, isSetUp, verify) => {
    try {
      verify()
    } catch (error) {
      const isRefused = error instanceof Problem && (error.code === 'unauthorized' || error.code === 'stale')
      if (isRefused) await noteRefused(ctx, tool, isSetUp)
      throw error
    }
    if (performance.now() - (goodAt.get(tool) ?? -Infinity) < goodForMs) return
    goodAt.set(tool, performance.now())
    await endHookRefusals(ctx.db, tool)
  }
}

async function noteRefused(
  ctx: Pick<Context, 'db' | 'clock'>,
  tool: string,
  isSetUp: boolean,
): Promise<void> {
  const now = ctx.clock.now()
  const refused = await countHookRefused(ctx.db, tool, now)
  if (!isSetUp || refused === null || !isRefusing(refused, now)) return
  // Once a day: whoever forges calls between good ones begins a run with each, and one that lasts is no less true tomorrow.
  const key = `hook-refusing:${tool}:${now.toISOString().slice(0, 10)}`
  await insertAlert(ctx.db, { kind: 'hook-refusing', key, captureId: null, reason: tool }, now)
}
