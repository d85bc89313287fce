import { Hono } from 'hono'
import { z } from 'zod'
import { addToken } from '../../actions/add-token.ts'
import { revokeToken } from '../../actions/revoke-token.ts'
import type { Context } from '../../context.ts'
import { roles } from '../../core/user.ts'
import { listApiTokens } from '../../store/api-tokens.ts'
import { body, id, line } from './input.ts'
import { requireRole, type StudioEnv } from './require-role.ts'

const newToken = z.object({ name: line(80), role: z.enum(roles, `is one of ${roles.join(', ')}`) })

/** Tokens with which machines use the studio's interface. */
export const tokenRoutes = (ctx: Context) =>
  new Hono<StudioEnv>()
    .get('/', requireRole('admin'), async (c) => c.json({ tokens: await listApiTokens(ctx.db) }))
    .post('/', requireRole('admin'), body(newToken), async (c) => {
      const made = await addToken(ctx, { ...c.req.valid('json'), actor: c.get('user').actor })
      return c.json(made, 201)
    })
    .delete('/:id', requireRole('admin'), id, async (c) => {
      await revokeToken(ctx, { tokenId: c.req.valid('param').id, actor: c.get('user').actor })
      return c.json({ done: true })
    })
