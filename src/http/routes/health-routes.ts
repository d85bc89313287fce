import { Hono } from 'hono'
import type { Context } from '../../context.ts'
import { readHealth } from '../../store/health.ts'

/**
 * `/health` is for people and monitors: JSON without personal data, 503 when nothing would be sent.
 * `/alive` is for load balancers: a pause must never take away the web process that captures leads.
 */
export function healthRoutes(ctx: Context): Hono {
  const app = new Hono()
  app.get('/alive', (c) => c.text('alive'))
  app.get('/health', async (c) => {
    const health = await readHealth(ctx.db, ctx.clock.now(), ctx.config.sending.dailyQuota)
    return c.json(health, health.status === 'ok' ? 200 : 503)
  })
  return app
}
