import type { Context as HonoContext } from 'hono'
import { Problem } from '../core/problem.ts'

/** Refuses what came to a webhook's address by a method that it does not take: Problem `wrong-method`. */
export function wrongMethod(c: HonoContext, allow = 'POST'): never {
  c.header('allow', allow)
  throw new Problem('wrong-method', 'Send it with POST.')
}
