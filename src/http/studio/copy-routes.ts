import { Hono } from 'hono'
import { html, raw } from 'hono/html'
import { z } from 'zod'
import { copySubject, saveCopyDraft } from '../../actions/copy-draft.ts'
import { describeCopy, listCopy, reviewCopy, wordsOf } from '../../actions/describe-copy.ts'
import { type PreviewOf, previewCopy } from '../../actions/preview-copy.ts'
import { publishDraft } from '../../actions/publish-draft.ts'
import { rollbackCopy } from '../../actions/rollback-copy.ts'
import { discardDraft } from '../../actions/save-draft.ts'
import { sendTestMail } from '../../actions/send-test-mail.ts'
import type { Context } from '../../context.ts'
import { Problem } from '../../core/problem.ts'
import { mayAct } from '../../core/user.ts'
import { previewHtml } from '../../mail/preview-html.ts'
import { listNewestLeads } from '../../store/leads.ts'
import { listRevisions } from '../../store/revisions.ts'
import { framePolicy } from './frame-policy.ts'
import { body, line, query } from './input.ts'
import { requireRole, type StudioEnv } from './require-role.ts'
import { wordsBody } from './words-body.ts'

const number = z.coerce.number('expected a revision').int().min(0).max(1_000_000_000)
const choice = z.union([z.enum(['in-force', 'draft']), number], 'expected draft, in-force or a revision')
const version = z.uuid('expected the version that was seen')
const reader = z
  .union([z.enum(['sample', 'nameless']), z.uuid()], 'expected sample, nameless or the id of a lead')
  .default('sample')
const view = z.object({
  of: choice.default('draft'),
  reader,
  topical: z.enum(['yes', 'no']).optional(),
  scheme: z.enum(['light', 'dark']).default('light'),
  images: z.enum(['on', 'off']).default('on'),
  /** Only makes the address another one when the words are. */
  version: z.string().max(60).optional(),
})
const draft = z.object({ words: wordsBody, over: version.nullable(), base: number })
const readersShown = 20

/** The words of the mails: what is in force, drafts as people type, previews, tests, publishing and going back. */
export const copyRoutes = (ctx: Context) =>
  new Hono<StudioEnv>()
    .get('/', requireRole('viewer'), async (c) => c.json({ mails: await listCopy(ctx) }))
    .get('/readers', requireRole('viewer'), async (c) => {
      const readers = await listNewestLeads(ctx.db, readersShown)
      // Who only looks on needs no way to reach anybody.
      const seesAddress = mayAct(c.get('user').role, 'editor')
      return c.json({ readers: readers.map((lead) => (seesAddress ? lead : { ...lead, email: null })) })
    })
    .get('/:template', requireRole('viewer'), async (c) =>
      c.json(await describeCopy(ctx, c.req.param('template'))),
    )
    .put('/:template/draft', requireRole('editor'), body(draft), async (c) => {
      const { words, over, base } = c.req.valid('json')
      const template = c.req.param('template')
      const saved = await saveCopyDraft(ctx, { template, words, over, base, actor: c.get('user').actor })
      const { version: fresh, author, savedAt } = saved
      const review = await reviewCopy(ctx, template, words)
      return c.json({ draft: { version: fresh, base: saved.base, author, savedAt }, review })
    })
    .delete('/:template/draft', requireRole('editor'), body(z.object({ version })), async (c) => {
      const subject = copySubject(c.req.param('template'))
      await discardDraft(ctx, { subject, ...c.req.valid('json'), actor: c.get('user').actor })
      return c.json({ done: true })
    })
    .get('/:template/mail', requireRole('viewer'), query(view), async (c) => {
      const mail = await previewCopy(ctx, previewOf(c.req.param('template'), c.req.valid('query')))
      const { subject, preheader, text } = mail
      return c.json({
        from: ctx.config.brand.from,
        subject,
        preheader,
        text,
        bytes: Buffer.byteLength(mail.html),
      })
    })
    .get('/:template/preview', requireRole('viewer'), query(view), async (c) => {
      const wanted = c.req.valid('query')
      const mail = await previewCopy(ctx, previewOf(c.req.param('template'), wanted)).catch(
        (error: unknown) => {
          if (error instanceof Problem) return error
          throw error
        },
      )
      c.header(
        'content-security-policy',
        framePolicy(wanted.images === 'on' ? ctx.config.brand.logoUrl : null),
      )
      c.header('referrer-policy', 'no-referrer')
      c.header('x-content-type-options', 'nosniff')
      if (mail instanceof Problem)
        return c.html(
          html`<!doctype html>
            <html lang="en">
              <title>No preview</title>
              <p>${mail.message}</p>
            </html>`,
          200,
        )
      return c.html(html`${raw(previewHtml(mail.html, { dark: wanted.scheme === 'dark' }))}`)
    })
    .post(
      '/:template/test',
      requireRole('editor'),
      body(view.pick({ of: true, reader: true, topical: true })),
      async (c) => {
        const { email: to, actor, sessionId } = c.get('user')
        if (sessionId === null)
          throw new Problem('conflict', 'A token has no address: sign in to get a test mail.')
        await sendTestMail(ctx, { ...previewOf(c.req.param('template'), c.req.valid('json')), to, actor })
        return c.json({ to })
      },
    )
    .post(
      '/:template/publish',
      requireRole('editor'),
      body(z.object({ version, over: number.optional(), note: line(200).nullable() })),
      async (c) => {
        const template = c.req.param('template')
        const { note, ...rest } = c.req.valid('json')
        const input = { template, ...rest, note: note || null, actor: c.get('user').actor }
        return c.json(await publishDraft(ctx, input))
      },
    )
    .post(
      '/:template/rollback',
      requireRole('editor'),
      body(z.object({ to: number, note: line(200).nullable() })),
      async (c) => {
        const template = c.req.param('template')
        const { to, note } = c.req.valid('json')
        return c.json(
          await rollbackCopy(ctx, { template, to, note: note || null, actor: c.get('user').actor }),
        )
      },
    )
    .get('/:template/revisions', requireRole('viewer'), async (c) =>
      c.json({ revisions: await listRevisions(ctx.db, c.req.param('template')) }),
    )
    .get('/:template/words', requireRole('viewer'), query(z.object({ of: choice })), async (c) =>
      c.json(await wordsOf(ctx, c.req.param('template'), c.req.valid('query').of)),
    )

type View = Pick<z.output<typeof view>, 'of' | 'reader' | 'topical'>

function previewOf(template: string, { of, reader: who, topical }: View): PreviewOf {
  return {
    template,
    choice: of,
    reader: who === 'sample' || who === 'nameless' ? who : { leadId: who },
    topical: topical === undefined ? null : topical === 'yes',
  }
}
