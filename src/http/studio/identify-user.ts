import type { MiddlewareHandler } from 'hono'
import { identifyMachine, identifyPerson } from '../../actions/identify.ts'
import type { Context } from '../../context.ts'
import type { IdentifiedEnv } from './require-role.ts'
import { sessionCookie } from './session-cookie.ts'

/** Finds out who asks: by the token of a machine, where there is one, else by the session's cookie. */
export function identifyUser(ctx: Context): MiddlewareHandler<IdentifiedEnv> {
  const cookie = sessionCookie(ctx.config.publicUrl)
  return async (c, next) => {
    const [, bearer] = /^Bearer (\S+)$/.exec(c.req.header('authorization') ?? '') ?? []
    const token = cookie.read(c)
    if (c.req.header('authorization') !== undefined)
      c.set('user', bearer ? await identifyMachine(ctx, bearer) : null)
    else {
      const found = token === null ? null : await identifyPerson(ctx, token)
      c.set('user', found?.user ?? null)
      if (found?.fresh) cookie.write(c, found.fresh)
    }
    await next()
  }
}
