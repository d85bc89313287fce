import type { Context as HonoContext, MiddlewareHandler } from 'hono'
import { Problem } from '../../core/problem.ts'

const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether a request comes from one of our own pages. Every browser of today says so in one of two headers. */
function isOwn(c: HonoContext, publicUrl: string): boolean {
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin'
  const origin = c.req.header('origin') ?? ''
  if (!URL.canParse(origin)) return false
  return origin === new URL(publicUrl).origin || new URL(origin).host === c.req.header('host')
}

/**
 * Refuses what would change something and comes from another site. A machine with a token has no cookie that another
 * site could borrow.
 */
export function sameOrigin(publicUrl: string): MiddlewareHandler {
  return async (c, next) => {
    if (!safe.has(c.req.method) && c.req.header('authorization') === undefined && !isOwn(c, publicUrl))
      throw new Problem('forbidden', 'This can only be done from the studio itself.')
    await next()
  }
}

/** Refuses every change whose body is not JSON: a form of another site cannot send any. */
export const jsonOnly: MiddlewareHandler = async (c, next) => {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (!safe.has(c.req.method) && type !== 'application/json')
    throw new Problem('unsupported', 'Send application/json.')
  await next()
}
