import { Hono } from 'hono'
import { z } from 'zod'
import { approveNote } from '../../actions/approve-note.ts'
import { checkSender } from '../../actions/check-sender.ts'
import { firstSteps, goLive } from '../../actions/first-steps.ts'
import { sendTestLead } from '../../actions/send-test-lead.ts'
import type { Context } from '../../context.ts'
import { Problem } from '../../core/problem.ts'
import { demoSource } from '../demo-source.ts'
import { body, line } from './input.ts'
import { requireRole, type StudioEnv } from './require-role.ts'

/** What a new clinic does once, and what of it is still to be done. */
export const firstStepsRoutes = (ctx: Context) =>
  new Hono<StudioEnv>()
    .get('/', requireRole('viewer'), async (c) => c.json(await firstSteps(ctx, demoSource)))
    .get('/sender', requireRole('viewer'), async (c) => c.json({ records: await checkSender(ctx) }))
    .post(
      '/note',
      requireRole('admin'),
      body(z.object({ note: z.string('is missing').max(2_000), name: line(120) })),
      async (c) => {
        await approveNote(ctx, { ...c.req.valid('json'), actor: c.get('user').actor })
        return c.json({ done: true })
      },
    )
    .post('/test-lead', requireRole('editor'), body(z.object({ email: line(254) })), async (c) => {
      const sequence = Object.keys(ctx.sequences)[0]
      if (!sequence) throw new Problem('conflict', 'There is no sequence.')
      await sendTestLead(ctx, { ...c.req.valid('json'), sequence, actor: c.get('user').actor })
      return c.json({ done: true })
    })
    .post('/go-live', requireRole('admin'), async (c) => {
      await goLive(ctx, { demoSource, actor: c.get('user').actor })
      return c.json({ done: true })
    })
