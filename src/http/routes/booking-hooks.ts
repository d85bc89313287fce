import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import { guardHook } from '../../actions/guard-hook.ts'
import { receiveEvent } from '../../actions/receive-event.ts'
import { mustAsk } from '../../booking/adapter.ts'
import type { Context } from '../../context.ts'
import { Problem } from '../../core/problem.ts'
import { inboundRequest } from '../inbound.ts'
import { wrongMethod } from '../wrong-method.ts'

/** Where booking tools report bookings. A body that cannot be understood is stored and parked, and answered 200. */
export function bookingHooks(ctx: Context): Hono {
  const guard = guardHook(ctx)
  return new Hono().all('/hooks/bookings/:tool', async (c) => {
    const tool = c.req.param('tool')
    const adapter = Object.hasOwn(ctx.bookings, tool) ? ctx.bookings[tool] : undefined
    const secrets = ctx.config.bookingSecrets[tool as keyof typeof ctx.config.bookingSecrets]
    if (!adapter || !secrets) throw new Problem('not-found', `There is no booking tool ${tool}.`)
    if (c.req.method !== 'POST') return wrongMethod(c)
    const request = await inboundRequest(ctx, c)
    await guard(tool, secrets.length > 0, () => adapter.verify(request, secrets, new Date()))
    // Tools repeat a delivery byte for byte, and some give it no id. One that must be asked says the same of each
    // change: what it sends in another second is news, and asking once too often does no harm.
    const digest = createHash('sha256').update(request.body).digest('hex')
    const eventId = mustAsk(adapter) ? `${digest} ${Math.floor(Date.now() / 1_000)}` : digest
    await receiveEvent(ctx, { provider: tool, eventId, body: request.body })
    return c.json({ received: true })
  })
}
