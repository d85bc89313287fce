import { Hono } from 'hono'
import { signOut } from '../../actions/sign-out.ts'
import type { Context } from '../../context.ts'
import { listSessions } from '../../store/sessions.ts'
import { id } from './input.ts'
import { requireRole, type StudioEnv } from './require-role.ts'
import { sandboxInbox } from './sandbox-inbox.ts'
import { sessionCookie } from './session-cookie.ts'

/** Who one is, and where one is signed in. */
export const meRoutes = (ctx: Context) => {
  const cookie = sessionCookie(ctx.config.publicUrl)
  return new Hono<StudioEnv>()
    .get('/', requireRole('viewer'), (c) => {
      const { email, role } = c.get('user')
      const { brand, mode } = ctx.config
      return c.json({
        email,
        role,
        mode,
        clinic: { name: brand.clinicName, timeZone: brand.timeZone },
        inbox: sandboxInbox(ctx.config),
      })
    })
    .get('/sessions', requireRole('viewer'), async (c) => {
      const { id: userId, sessionId } = c.get('user')
      const sessions = sessionId === null ? [] : await listSessions(ctx.db, userId)
      return c.json({ sessions: sessions.map((one) => ({ ...one, isThis: one.id === sessionId })) })
    })
    .delete('/sessions/:id', requireRole('viewer'), id, async (c) => {
      const { id: sessionId } = c.req.valid('param')
      await signOut(ctx, { user: c.get('user'), sessionId })
      if (sessionId === c.get('user').sessionId) cookie.clear(c)
      return c.json({ done: true })
    })
    .post('/sign-out', requireRole('viewer'), async (c) => {
      const user = c.get('user')
      if (user.sessionId !== null) await signOut(ctx, { user, sessionId: user.sessionId })
      cookie.clear(c)
      return c.json({ done: true })
    })
}
