import { Hono } from 'hono'
import { z } from 'zod'
import { countingMails } from '../../actions/counting-mails.ts'
import {
  describeSequence,
  exampleOf,
  readTimingDraft,
  timingHistory,
} from '../../actions/describe-sequence.ts'
import { pauseByHand } from '../../actions/pause-by-hand.ts'
import { publishTimingDraft } from '../../actions/publish-timing.ts'
import { resumeSending } from '../../actions/resume-sending.ts'
import { rollbackTiming } from '../../actions/rollback-timing.ts'
import { discardDraft } from '../../actions/save-draft.ts'
import { switchStep } from '../../actions/switch-step.ts'
import { saveTimingDraft, timingSubject } from '../../actions/timing-draft.ts'
import type { Context } from '../../context.ts'
import { isTimeZone } from '../../core/schedule.ts'
import type { StepTiming } from '../../core/sequence.ts'
import { readPause } from '../../store/pause.ts'
import { body, line, query } from './input.ts'
import { requireRole, type StudioEnv } from './require-role.ts'

const time = z
  .templateLiteral([z.number(), ':', z.number()], 'expected a time such as 08:00')
  .refine((value) => /^([01]\d|2[0-3]):[0-5]\d$/.test(value), 'expected a time from 00:00 to 23:59')
const weekday = z.union([1, 2, 3, 4, 5, 6, 7].map((day) => z.literal(day as 1 | 2 | 3 | 4 | 5 | 6 | 7)))
const timing = z.strictObject({
  delayDays: z.number('expected a number of days').int('expected whole days').min(0).max(999),
  window: z.strictObject({ days: z.array(weekday).max(7), from: time, to: time }),
}) satisfies z.ZodType<StepTiming>
const version = z.uuid('expected the version that was seen')
const revision = z.number('expected a revision').int().min(0).max(1_000_000_000)
const draft = z.object({
  timings: z.record(z.string().max(40), timing),
  over: version.nullable(),
  base: revision,
})
const zone = z.string().max(60).refine(isTimeZone, 'expected a zone such as America/New_York')

/** The sequences as people see them: their steps, switched on and off, their times, and the pause of all mail. */
export const sequenceRoutes = (ctx: Context) =>
  new Hono<StudioEnv>()
    .get('/', requireRole('viewer'), (c) =>
      c.json({
        sequences: Object.values(ctx.sequences).map(({ key, steps }) => ({ key, steps: steps.length })),
      }),
    )
    .get('/pause', requireRole('viewer'), async (c) => c.json({ pause: await readPause(ctx.db) }))
    .post('/pause', requireRole('editor'), body(z.object({ reason: line(200) })), async (c) => {
      await pauseByHand(ctx, { ...c.req.valid('json'), actor: c.get('user').actor })
      return c.json({ done: true })
    })
    .post('/resume', requireRole('editor'), async (c) =>
      c.json({ ended: await resumeSending(ctx, { actor: c.get('user').actor }) }),
    )
    .get('/:sequence', requireRole('viewer'), async (c) =>
      c.json(await describeSequence(ctx, c.req.param('sequence'))),
    )
    .post('/:sequence/steps/:step', requireRole('editor'), body(z.object({ on: z.boolean() })), async (c) => {
      const { sequence, step } = c.req.param()
      const { on } = c.req.valid('json')
      await switchStep(ctx, { sequence, step, on, actor: c.get('user').actor })
      return c.json({ warnings: on ? [] : await countingMails(ctx, sequence) })
    })
    .put('/:sequence/draft', requireRole('editor'), body(draft), async (c) => {
      const sequence = c.req.param('sequence')
      await saveTimingDraft(ctx, { sequence, ...c.req.valid('json'), actor: c.get('user').actor })
      return c.json({ draft: await readTimingDraft(ctx, sequence) })
    })
    .delete('/:sequence/draft', requireRole('editor'), body(z.object({ version })), async (c) => {
      const subject = timingSubject(c.req.param('sequence'))
      await discardDraft(ctx, { subject, ...c.req.valid('json'), actor: c.get('user').actor })
      return c.json({ done: true })
    })
    .post(
      '/:sequence/publish',
      requireRole('editor'),
      body(z.object({ version, over: revision.optional() })),
      async (c) => {
        const input = { sequence: c.req.param('sequence'), ...c.req.valid('json') }
        return c.json({ warnings: await publishTimingDraft(ctx, { ...input, actor: c.get('user').actor }) })
      },
    )
    .get('/:sequence/revisions', requireRole('viewer'), async (c) =>
      c.json({ revisions: await timingHistory(ctx, c.req.param('sequence')) }),
    )
    .post(
      '/:sequence/rollback',
      requireRole('editor'),
      body(z.object({ to: revision, over: revision, note: line(200).nullable() })),
      async (c) => {
        const { note, ...rest } = c.req.valid('json')
        const input = { sequence: c.req.param('sequence'), ...rest, note: note || null }
        return c.json(await rollbackTiming(ctx, { ...input, actor: c.get('user').actor }))
      },
    )
    .get(
      '/:sequence/example',
      requireRole('viewer'),
      query(z.object({ zone, start: z.string().max(30).optional() })),
      async (c) => {
        const { zone: timeZone, start } = c.req.valid('query')
        return c.json(await exampleOf(ctx, c.req.param('sequence'), { start, timeZone }))
      },
    )
