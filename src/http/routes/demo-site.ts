import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { html } from 'hono/html'
import type { Context } from '../../context.ts'
import { demoSource } from '../demo-source.ts'

/** A stand-in for a clinic's site, in sandbox mode only: a real form that sends a real lead. */
export function demoSite(ctx: Context): Hono {
  return new Hono().get('/', (c) =>
    c.render(
      html`<div class="beside">
        <section>
          <h1>Talk with a provider</h1>
          <p class="lead">Tell us how to reach you. We help active adults in ${ctx.config.brand.area}.</p>
        </section>
        <form class="card" method="post" action="/hooks/leads/${demoSource}">
          <input type="hidden" name="submission_id" value="${randomUUID()}" />
          <input type="hidden" name="consent_text_version" value="demo-1" />
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
            <span>Yes, email me a short series about my question. I can stop it at any time.</span>
          </label>
          <button>Ask for a call</button>
        </form>
        <section>
          <h2>What happens next</h2>
          <ol class="steps">
            <li>You send the form. It takes a minute.</li>
            <li>You pick a time for a call, or we call you.</li>
            <li>A first short email comes at once, and a few more over the next weeks, until you book.</li>
          </ol>
          <p class="note">
            This is a demo page: every mail stays on this machine. Use an address such as pat@people.example,
            and another one for each try, since a mailbox gets the series once. Resend refuses @example.com,
            and so does the sandbox.
          </p>
        </section>
      </div>`,
      { title: 'Ask for a call', wide: true },
    ),
  )
}
