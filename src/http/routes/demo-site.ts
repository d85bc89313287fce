import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { html } from 'hono/html'
import type { Context } from '../../context.ts'
import { page } from '../page.ts'

/** The slug of the source that the demo page's form sends to. */
export const demoSource = 'website'

/** A stand-in for a clinic's site, in sandbox mode only: a real form that sends a real lead. */
export function demoSite(ctx: Context): Hono {
  const { clinicName, area } = ctx.config.brand
  return new Hono().get('/', (c) =>
    c.html(
      page(
        `${clinicName}: ask for a call`,
        html`<h1>Talk with a provider</h1>
          <p>Tell us how to reach you. We help active adults in ${area}.</p>
          <form class="card" method="post" action="/hooks/leads/${demoSource}">
            <input type="hidden" name="submission_id" value="${randomUUID()}" />
            <input type="hidden" name="consent_text_version" value="demo-1" />
            <label for="first_name">First name (optional)</label>
            <input id="first_name" name="first_name" autocomplete="given-name" />
            <label for="email">Email</label>
            <input id="email" name="email" type="email" autocomplete="email" required />
            <label for="phone">Phone (optional)</label>
            <input id="phone" name="phone" type="tel" autocomplete="tel" />
            <label for="message">How can we help? (optional)</label>
            <textarea id="message" name="message" rows="3"></textarea>
            <div class="aside" aria-hidden="true">
              <label for="website">Leave this empty</label>
              <input id="website" name="website" tabindex="-1" autocomplete="off" />
            </div>
            <label class="check">
              <input type="checkbox" name="consent" value="yes" required />
              <span>Yes, email me a short series about my question. I can stop it at any time.</span>
            </label>
            <div class="actions"><button>Ask for a call</button></div>
          </form>
          <p class="soft">This is a demo page. Use any address: every mail stays on this machine.</p>`,
      ),
    ),
  )
}
