import type { Context } from '../context.ts'
import { isTimeZone } from '../core/schedule.ts'

/** Asking costs more than planning, and there are only some hundred names. */
const known = new Map<string, boolean>()

/**
 * The zone in which a lead's windows are reckoned: its own, or the clinic's when it has none or this process does not
 * know that one.
 * Zones come and go with the time-zone database of each machine, and one such lead must not hold up the others.
 */
export function zoneOf(ctx: Pick<Context, 'config'>, lead: { timeZone: string | null }): string {
  if (lead.timeZone === null) return ctx.config.brand.timeZone
  let isKnown = known.get(lead.timeZone)
  if (isKnown === undefined) known.set(lead.timeZone, (isKnown = isTimeZone(lead.timeZone)))
  return isKnown ? lead.timeZone : ctx.config.brand.timeZone
}
