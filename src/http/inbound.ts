import type { Context as HonoContext } from 'hono'
import type { Context } from '../context.ts'
import type { InboundRequest } from '../core/inbound-request.ts'

/** The request as adapters want it: raw bytes, and the address as the sender knows it, whatever proxy lies between. */
export async function inboundRequest(ctx: Context, c: HonoContext): Promise<InboundRequest> {
  const { pathname, search } = new URL(c.req.url)
  return {
    method: c.req.method,
    url: `${ctx.config.publicUrl}${pathname}${search}`,
    headers: c.req.header(),
    body: new Uint8Array(await c.req.arrayBuffer()),
  }
}
