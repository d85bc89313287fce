import { Hono } from 'hono'
import { z } from 'zod'
import { addUser } from '../../actions/add-user.ts'
import { changeRole, dropUser } from '../../actions/change-user.ts'
import { requestSignIn } from '../../actions/request-sign-in.ts'
import type { Context } from '../../context.ts'
import { roles } from '../../core/user.ts'
import { listUsers } from '../../store/users.ts'
import { body, id, line } from './input.ts'
import { requireRole, type StudioEnv } from './require-role.ts'

const role = z.enum(roles, `is one of ${roles.join(', ')}`)

/** Who may sign in. */
export const userRoutes = (ctx: Context) =>
  new Hono<StudioEnv>()
    .get('/', requireRole('admin'), async (c) => {
      const users = await listUsers(ctx.db)
      return c.json({
        users: users.map((user) => ({
          id: user.id,
          email: user.email,
          role: user.role,
          createdAt: user.createdAt,
          isYou: user.id === c.get('user').id,
        })),
      })
    })
    .post('/', requireRole('admin'), body(z.object({ email: line(254), role })), async (c) => {
      const { actor } = c.get('user')
      const { email, role: given } = c.req.valid('json')
      const user = await addUser(ctx, { email, role: given, actor })
      await requestSignIn(ctx, { email: user.email, ip: null })
      return c.json({ id: user.id }, 201)
    })
    .patch('/:id', requireRole('admin'), id, body(z.object({ role })), async (c) => {
      const { actor } = c.get('user')
      await changeRole(ctx, { userId: c.req.valid('param').id, ...c.req.valid('json'), actor })
      return c.json({ done: true })
    })
    .delete('/:id', requireRole('admin'), id, async (c) => {
      await dropUser(ctx, { userId: c.req.valid('param').id, actor: c.get('user').actor })
      return c.json({ done: true })
    })
