import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Context as HonoContext, Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { originOf } from '../../capture/origins.ts'
import { newChallenge } from '../../capture/proof-of-work.ts'
import type { Context } from '../../context.ts'
import { isPublic } from '../../core/capture.ts'
import { emailHint } from '../../core/email-hint.ts'
import { Problem } from '../../core/problem.ts'
import { findSource, type Source } from '../../store/sources.ts'
import { formFields } from '../form-fields.ts'
import type { Markup } from '../page.ts'
import { displayPhone } from '../phone.ts'
import { shareAnswer } from '../share-answer.ts'
import { createSourceLookup } from '../source-lookup.ts'

let embedScript: string | undefined
/** The script for sites, read when it is first asked for. It holds no text of several lines. */
const readEmbedScript = () =>
  (embedScript ??= readFileSync(new URL('../embed.js', import.meta.url), 'utf8')
    .replace(/^\s*\/\/.*$|^\s*\/\*\*.*\*\/$/gm, '')
    .replace(/\n\s*/g, '\n')
    .trim())

const started = z.object({ email: z.string().max(1_000).optional().catch(undefined) })

/** Which words a person agreed to. Change it with the words below. */
const consentVersion = 'hosted-1'

/**
 * A form on our own pages for sites that can post nothing, the script that puts it on a site or mends a form there, and
 * what that script asks while a form is filled in.
 */
export function hostedForm(ctx: Context): Hono {
  const app = new Hono()
  const lookup = createSourceLookup((slug) => findSource(ctx.db, slug))
  const formOf = async (c: HonoContext): Promise<Source> => {
    const slug = c.req.param('slug') ?? ''
    const source = slug.includes('\0') ? null : await lookup(slug)
    if (!source || !isPublic(source))
      throw new Problem('not-found', 'There is no such form. Check the last part of the address.')
    return source
  }

  app.get('/embed.js', (c) =>
    c.body(readEmbedScript(), 200, {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=3600',
      'content-security-policy': "default-src 'none'",
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
    }),
  )

  app.post('/f/:slug/start', async (c) => {
    const source = await formOf(c)
    shareAnswer(c, source)
    const { email } = started.parse(await formFields(c))
    const now = new Date()
    c.header('cache-control', 'no-store')
    return c.json({
      started_at: ctx.formSecrets.stamp(now),
      challenge: source.proofOfWork
        ? await newChallenge(ctx.formSecrets.challengeKey, source.slug, now)
        : null,
      hint: email ? emailHint(email.trim()) : null,
    })
  })

  app.get('/f/:slug', async (c) => {
    const source = await formOf(c)
    const isEmbedded = c.req.query('embed') !== undefined
    for (const [name, value] of Object.entries(guardOf(source, isEmbedded))) c.header(name, value)
    return c.render(formPage(ctx, source, isEmbedded), { title: 'Ask for a call', bare: isEmbedded })
  })
  return app
}

/** What a browser holds the page to. Inside another page it stands only on the sites that are listed. */
function guardOf({ origins, thankYouUrl }: Source, isEmbedded: boolean): Record<string, string> {
  const thanks = thankYouUrl ? originOf(thankYouUrl) : null
  const sites = isEmbedded && origins.length > 0 ? origins.join(' ') : "'none'"
  const policy = [
    "default-src 'none'; base-uri 'none'; script-src 'self'; connect-src 'self'; style-src 'self'",
    // A browser holds the redirect after the form to this, too.
    `form-action 'self'${thanks ? ` ${thanks}` : ''}`,
    `frame-ancestors ${sites}`,
  ].join('; ')
  return {
    'content-security-policy': policy,
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  }
}

function formPage(ctx: Context, source: Source, isEmbedded: boolean): Markup {
  const { clinicName, phone } = ctx.config.brand
  return html`<h1>Ask for a call</h1>
    <p class="lead">
      Tell ${clinicName} how to reach you, or call <a href="tel:${phone}">${displayPhone(phone)}</a>.
    </p>
    ${
      source.proofOfWork &&
      html`<noscript><p class="error">This form needs JavaScript. Without it, please call us.</p></noscript>`
    }
    <form
      class="card"
      method="post"
      action="/hooks/leads/${source.slug}"
      ${isEmbedded ? html`target="_top"` : ''}
    >
      <input type="hidden" name="submission_id" value="${randomUUID()}" />
      <input type="hidden" name="started_at" value="${ctx.formSecrets.stamp(new Date())}" />
      <input type="hidden" name="consent_text_version" value="${consentVersion}" />
      <label for="first_name">First name</label>
      <input id="first_name" name="first_name" autocomplete="given-name" />
      <label for="email">Email</label>
      <input id="email" name="email" type="email" autocomplete="email" required />
      <label for="phone">Phone <small>optional</small></label>
      <input id="phone" name="phone" type="tel" autocomplete="tel" />
      <label for="message">How can we help? <small>optional</small></label>
      <textarea id="message" name="message" rows="3"></textarea>
      <div class="aside" aria-hidden="true">
        <label for="website">Leave this empty</label>
        <input id="website" name="website" tabindex="-1" autocomplete="off" />
      </div>
      <label class="check">
        <input type="checkbox" name="consent" value="yes" required />
        <span>
          Yes, ${clinicName} may answer me by email: a reply now, and a short series about my question over
          the next weeks. Every email has a link that ends it.
        </span>
      </label>
      <button>Ask for a call</button>
    </form>
    <script src="/embed.js" data-source="${source.slug}" defer></script>`
}
