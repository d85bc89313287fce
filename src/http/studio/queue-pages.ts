import { Hono } from 'hono'
import { Problem } from '../../core/problem.ts'
import { mayAct } from '../../core/user.ts'
import type { IdentifiedEnv } from './require-role.ts'

export const queueBoardPath = '/studio/queues'

/** The board's page styles itself as it goes and asks another site for its letters; that is not let through. */
const policy =
  "default-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'; script-src 'self'; " +
  "connect-src 'self'; img-src 'self' data:; font-src 'self'; style-src 'self' 'unsafe-inline'"

/** The board of BullMQ's queues, for admins, and only to look at. */
export function queuePages(board: Hono): Hono<IdentifiedEnv> {
  const app = new Hono<IdentifiedEnv>()
  app.use(async (c, next) => {
    const user = c.get('user')
    if (!user) return c.redirect('/studio/sign-in', 302)
    if (!mayAct(user.role, 'admin')) throw new Problem('forbidden', 'The queues are for admins.')
    if (c.req.method !== 'GET') throw new Problem('forbidden', 'The queues are only to look at.')
    await next()
    c.res.headers.set('content-security-policy', policy)
    c.res.headers.set('x-content-type-options', 'nosniff')
    c.res.headers.set('referrer-policy', 'same-origin')
    return undefined
  })
  return app.route('/', board)
}
