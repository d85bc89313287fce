import { type Context as HonoContext, Hono } from 'hono'
import { captureLead } from '../../actions/capture-lead.ts'
import type { Context } from '../../context.ts'
import { Problem } from '../../core/problem.ts'
import { findSource } from '../../store/sources.ts'
import { inboundRequest } from '../inbound.ts'
import { wantsPage } from '../problem-response.ts'
import { createSourceLookup } from '../source-lookup.ts'

/**
 * Where site forms send leads. Some providers take any answer but 200 for a failure, so success is always 200;
 * only a browser is sent on to the thank-you page.
 */
export function leadHooks(ctx: Context): Hono {
  const app = new Hono()
  const sourceOf = createSourceLookup((slug) => findSource(ctx.db, slug))
  const capture = async (c: HonoContext) => {
    const slug = c.req.param('source') ?? ''
    // PostgreSQL holds no text with a NUL in it, and refuses even to look for one.
    const source = slug.includes('\0') ? null : await sourceOf(slug)
    if (!source)
      throw new Problem('not-found', 'There is no such source. Check the last part of the address.')
    const result = await captureLead(ctx, { source, request: await inboundRequest(ctx, c) })
    if (source.adapter === 'html-form' && wantsPage(c))
      return c.redirect(source.thankYouUrl ?? '/thanks', 303)
    return c.json(result)
  }
  app.post('/hooks/leads/:source', capture)
  // Tools that can send no header carry their secret as the last part of the path.
  app.post('/hooks/leads/:source/:secret', capture)
  return app
}
