import { type Context as HonoContext, Hono } from 'hono'
import { html } from 'hono/html'
import { requestSignIn } from '../../actions/request-sign-in.ts'
import { signIn } from '../../actions/sign-in.ts'
import type { Context } from '../../context.ts'
import { Problem } from '../../core/problem.ts'
import { findSignIn } from '../../store/sign-ins.ts'
import { clientAddress } from '../client-address.ts'
import { formFields } from '../form-fields.ts'
import { deviceName } from './device-name.ts'
import { sandboxInbox } from './sandbox-inbox.ts'
import { sessionCookie } from './session-cookie.ts'

/**
 * Signing in, without a script: an address brings a mail, its link shows a button, and the button signs in. A GET alone
 * does nothing, since mail scanners follow links.
 */
export function signInPages(ctx: Context): Hono {
  const app = new Hono()
  const cookie = sessionCookie(ctx.config.publicUrl)
  const inbox = sandboxInbox(ctx.config)

  const signInOf = (c: HonoContext) => {
    const id = ctx.links.read('sign-in', c.req.param('token') ?? '')
    if (!id) throw new Problem('not-found', 'This link is not complete. Use the one in the newest mail.')
    return id
  }

  app.get('/sign-in', (c) =>
    c.render(
      html`<h1>Sign in to the studio</h1>
        <p class="lead">You get an email with a link. There is no password.</p>
        <form class="card" method="post">
          <label for="email">Your email</label>
          <input id="email" name="email" type="email" autocomplete="email" required />
          <p></p>
          <button>Send me a link</button>
        </form>`,
      { title: 'Sign in' },
    ),
  )

  app.post('/sign-in', async (c) => {
    const { email } = await formFields(c)
    const ip = clientAddress(c, ctx.config.http.trustedProxies)
    await requestSignIn(ctx, { email: typeof email === 'string' ? email : '', ip })
    return c.render(
      html`<h1>Look at your mail</h1>
        <p class="lead">
          If this address may sign in, a link is on its way. It is good for 15 minutes, and once.
        </p>
        ${
          inbox &&
          html`<p class="note">
            This is a sandbox: the mail is not sent, it lies in the <a href="${inbox}">sandbox inbox</a>.
          </p>`
        }
        <p class="soft">
          Nothing there? Look among unwanted mail, and whether you wrote the address as your admin did.
        </p>`,
      { title: 'Look at your mail' },
    )
  })

  app.get('/sign-in/:token', async (c) => {
    const found = await findSignIn(ctx.db, signInOf(c))
    if (!found)
      return c.render(
        html`<h1>This link is over</h1>
          <p class="lead">A link signs in once, within 15 minutes.</p>
          <p class="actions"><a class="button" href="/studio/sign-in">Ask for a new one</a></p>`,
        { title: 'This link is over' },
      )
    return c.render(
      html`<h1>Sign in as ${found.email}?</h1>
        <form class="actions" method="post"><button>Sign in</button></form>
        <p class="soft">If you did not ask for this, close the page: nothing has happened.</p>`,
      { title: 'Sign in' },
    )
  })

  app.post('/sign-in/:token', async (c) => {
    const device = deviceName(c.req.header('user-agent') ?? '')
    cookie.write(c, await signIn(ctx, { signInId: signInOf(c), device }))
    return c.redirect('/studio', 303)
  })
  return app
}
