import type { Context as HonoContext } from 'hono'
import { isbot } from 'isbot'

/**
 * True where a request may be a person's who follows a link: not one for its head alone, not a browser that loads a page
 * before anybody asked for it, and nothing that names itself a program or names nothing.
 */
export function isPerson(c: HonoContext): boolean {
  const purpose = `${c.req.header('sec-purpose') ?? ''} ${c.req.header('purpose') ?? ''}`
  const agent = c.req.header('user-agent')
  return c.req.method === 'GET' && !/prefetch|prerender|preview/i.test(purpose) && !!agent && !isbot(agent)
}
