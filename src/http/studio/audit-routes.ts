import { Hono } from 'hono'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { listAudit } from '../../store/audit.ts'
import { query } from './input.ts'
import { requireRole, type StudioEnv } from './require-role.ts'

/** How many entries one look shows. */
const most = 50

/** What people did, the newest first; `before` is the id of the last one seen. */
export const auditRoutes = (ctx: Context) =>
  new Hono<StudioEnv>().get(
    '/',
    requireRole('admin'),
    query(z.object({ before: z.uuid('is no id').optional() })),
    async (c) => {
      const entries = await listAudit(ctx.db, {
        before: c.req.valid('query').before ?? null,
        limit: most + 1,
      })
      return c.json({ entries: entries.slice(0, most), isMore: entries.length > most })
    },
  )
