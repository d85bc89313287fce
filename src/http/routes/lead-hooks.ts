import { type Context as HonoContext, Hono } from 'hono'
import { captureLead } from '../../actions/capture-lead.ts'
import { noteLeads } from '../../actions/note-leads.ts'
import { mustAskForm } from '../../capture/adapter.ts'
import { equalText } from '../../capture/signature.ts'
import type { Context } from '../../context.ts'
import { isPublic } from '../../core/capture.ts'
import { Problem } from '../../core/problem.ts'
import { findSource, type Source } from '../../store/sources.ts'
import { clientAddress } from '../client-address.ts'
import { inboundRequest } from '../inbound.ts'
import { wantsPage } from '../problem-response.ts'
import { shareAnswer } from '../share-answer.ts'
import { createSourceLookup } from '../source-lookup.ts'
import { wrongMethod } from '../wrong-method.ts'

/** A browser asks again after this. */
const preflightSeconds = '600'

/**
 * Where site forms send leads. Some providers take any answer but 200 for a failure, so success is always 200;
 * only a browser is sent on to the thank-you page.
 */
export function leadHooks(ctx: Context): Hono {
  const app = new Hono()
  const lookup = createSourceLookup((slug) => findSource(ctx.db, slug))
  const sourceOf = async (c: HonoContext): Promise<Source> => {
    const slug = c.req.param('source') ?? ''
    // PostgreSQL holds no text with a NUL in it, and refuses even to look for one.
    const source = slug.includes('\0') ? null : await lookup(slug)
    if (!source)
      throw new Problem('not-found', 'There is no such source. Check the last part of the address.')
    return source
  }
  const refuseMethod = (c: HonoContext, source: Source) => {
    const isAsked = mustAskForm(ctx.forms[source.adapter]!)
    return wrongMethod(c, isAsked ? 'GET, POST' : isPublic(source) ? 'OPTIONS, POST' : 'POST')
  }
  const capture = async (c: HonoContext) => {
    const source = await sourceOf(c)
    if (mustAskForm(ctx.forms[source.adapter]!))
      return c.json(await noteLeads(ctx, { source, request: await inboundRequest(ctx, c) }))
    // Set first, so that a script can read also what was wrong.
    if (isPublic(source)) shareAnswer(c, source)
    const result = await captureLead(ctx, {
      source,
      request: await inboundRequest(ctx, c),
      client: isPublic(source) ? clientAddress(c, ctx.config.http.trustedProxies) : null,
    })
    if (!isPublic(source)) return c.json(result)
    const next = source.thankYouUrl ?? '/thanks'
    if (wantsPage(c)) return c.redirect(next, 303)
    // The same whatever became of it: a program learns nothing of itself, and nobody who is a lead.
    return c.json({
      captureId: result.captureId,
      status: 'received',
      next: new URL(next, ctx.config.publicUrl).href,
      hint: result.hint,
    })
  }
  app.post('/hooks/leads/:source', capture)
  // Tools that can send no header carry their secret as the last part of the path.
  app.post('/hooks/leads/:source/:secret', capture)
  // Before it sends anything, a tool that must be asked wants its own question answered (developers.facebook.com,
  // webhooks, verification requests).
  app.get('/hooks/leads/:source', async (c) => {
    const source = await sourceOf(c)
    const challenge = c.req.query('hub.challenge') ?? ''
    if (!mustAskForm(ctx.forms[source.adapter]!)) return refuseMethod(c, source)
    if (!/^[\w.-]{1,200}$/.test(challenge)) return c.notFound()
    if (!equalText(c.req.query('hub.verify_token') ?? '', ctx.formSecrets.verifyToken(source.slug)))
      throw new Problem('forbidden', 'The verify token is not the one that `source secret` prints.')
    return c.text(challenge, 200, { 'x-content-type-options': 'nosniff' })
  })
  app.options('/hooks/leads/:source', async (c) => {
    const source = await sourceOf(c)
    if (!isPublic(source) || c.req.header('origin') === undefined) return refuseMethod(c, source)
    if (!shareAnswer(c, source))
      throw new Problem('forbidden', 'Scripts of this site may not send this form. List its origin first.')
    c.header('access-control-allow-methods', 'POST')
    c.header('access-control-allow-headers', 'content-type')
    c.header('access-control-max-age', preflightSeconds)
    return c.body(null, 204)
  })
  for (const path of ['/hooks/leads/:source', '/hooks/leads/:source/:secret'])
    app.all(path, async (c) => {
      return refuseMethod(c, await sourceOf(c))
    })
  return app
}
