import { Hono } from 'hono'
import type { Context } from '../../context.ts'
import { readHealth } from '../../store/health.ts'

/** Health, as JSON without personal data: 200 while it works, 503 when nothing would be sent. */
export function healthRoutes(ctx: Context): Hono {
  return new Hono().get('/health', async (c) => {
    const health = await readHealth(ctx.db, ctx.clock.now())
    return c.json(health, health.status === 'ok' ? 200 : 503)
  })
}
