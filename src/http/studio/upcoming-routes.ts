import { Hono } from 'hono'
import { z } from 'zod'
import { zoneOf } from '../../actions/zone-of.ts'
import type { Context } from '../../context.ts'
import { countUpcoming, listUpcomingFrom } from '../../store/upcoming.ts'
import { query } from './input.ts'
import { requireRole, type StudioEnv } from './require-role.ts'
import { seenBy } from './seen-by.ts'

const pageSize = 100
const day = 86_400_000

const place = z.object({
  days: z.coerce.number().int().min(1).max(31).default(7),
  /** The last mail of the page before. */
  afterDue: z.iso.datetime().optional(),
  afterId: z.uuid().optional(),
})

/** What goes out in the next days. */
export const upcomingRoutes = (ctx: Context) =>
  new Hono<StudioEnv>().get('/', requireRole('viewer'), query(place), async (c) => {
    const { days, afterDue, afterId } = c.req.valid('query')
    const until = new Date(ctx.clock.now().getTime() + days * day)
    const after = afterDue && afterId ? { dueAt: new Date(afterDue), id: afterId } : null
    const found = await listUpcomingFrom(ctx.db, { until, after, limit: pageSize + 1 })
    return c.json({
      mails: found
        .slice(0, pageSize)
        .map((mail) => ({ ...seenBy(c.get('user'), mail), timeZone: zoneOf(ctx, mail) })),
      more: found.length > pageSize,
      total: after === null ? await countUpcoming(ctx.db, until) : null,
    })
  })
