import { Hono } from 'hono'
import type { Context } from '../../context.ts'
import { readHealth } from '../../store/health.ts'
import { requireRole, type StudioEnv } from './require-role.ts'

/** How the service is doing: what the head of every page shows. */
export const statusRoutes = (ctx: Context) =>
  new Hono<StudioEnv>().get('/', requireRole('viewer'), async (c) =>
    c.json(await readHealth(ctx.db, ctx.clock.now(), ctx.config.sending.dailyQuota)),
  )
