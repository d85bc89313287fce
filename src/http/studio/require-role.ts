import type { MiddlewareHandler } from 'hono'
import { Problem } from '../../core/problem.ts'
import { mayAct, type Role, type User } from '../../core/user.ts'

/** What every route of the studio finds in its context: `requireRole` has seen to it that there is a user. */
export type StudioEnv = { Variables: { user: User } }

/** Who made the request, as `identify` found out; null for nobody. */
export type IdentifiedEnv = { Variables: { user: User | null } }

const needs = new WeakMap<object, Role>()

/** Lets nobody pass who may not act as `role`. Every route of the studio begins with it. */
export function requireRole(role: Role): MiddlewareHandler<StudioEnv> {
  const guard: MiddlewareHandler<StudioEnv> = async (c, next) => {
    const user = c.get('user') as User | null
    if (!user) throw new Problem('unauthorized', 'Sign in first, or show a token that is good.')
    if (!mayAct(user.role, role))
      throw new Problem('forbidden', `This is for the role ${role}, and you are ${user.role}.`)
    await next()
  }
  needs.set(guard, role)
  return guard
}

/** The role that a handler asks for, or null if it is no such guard: with it a test walks all routes. */
export const roleOf = (handler: object): Role | null => needs.get(handler) ?? null
