import { type Context as HonoContext, Hono } from 'hono'
import { html } from 'hono/html'
import { changePace, type PaceChange, paceChanges, readPace } from '../../actions/change-pace.ts'
import { unsubscribe } from '../../actions/unsubscribe.ts'
import type { Context } from '../../context.ts'
import { Problem } from '../../core/problem.ts'
import { doneSign } from '../page.ts'

/**
 * Behind the unsubscribe link: end the mails, pause them, or get fewer. A GET only shows buttons, since mail scanners
 * follow links; a POST to the link itself unsubscribes at once (RFC 8058).
 */
export function unsubscribePages(ctx: Context): Hono {
  const app = new Hono()
  const clinicName = () => ctx.config.brand.clinicName
  const deliveryOf = (c: HonoContext) => {
    const id = ctx.links.read('unsubscribe', c.req.param('token') ?? '')
    if (!id) throw new Problem('not-found', 'This link is not complete. Use the one in the newest mail.')
    return id
  }
  app.get('/u/:token', async (c) => {
    const pace = await readPace(ctx, deliveryOf(c))
    // Whole paths: the page may be shown with a slash at its end.
    const path = `/u/${c.req.param('token')}`
    const choice = (change: PaceChange, title: string, words: string, button: string) =>
      html`<section>
        <h2>${title}</h2>
        <p>${words}</p>
        <form method="post" action="${path}/${change}"><button class="second">${button}</button></form>
      </section>`
    const until = pace?.pausedUntil && dayIn(pace.pausedUntil, pace.timeZone)
    return c.render(
      html`<h1>${pace ? 'Fewer emails, or none?' : 'Stop these emails?'}</h1>
        ${until && html`<p class="note">Your emails are paused until ${until}.</p>`}
        ${pace?.slow && html`<p class="note">You get your emails half as often as we had planned.</p>`}
        <p class="lead">One press, and ${clinicName()} will not email you again.</p>
        <form class="actions" method="post" action="${path}"><button>Unsubscribe</button></form>
        ${
          pace &&
          html`<div class="choices">
            ${choice('pause', 'Pause for a month', 'Nothing for a month. Then the emails go on where they stopped.', 'Pause for a month')}
            ${
              !pace.slow &&
              choice(
                'fewer',
                'Fewer emails',
                'The same emails, half as often: we leave twice as long between two of them.',
                'Send me fewer',
              )
            }
            ${
              (until || pace.slow) &&
              choice('usual', 'As before', 'The emails go on as we had planned them.', 'Go on as before')
            }
          </div>`
        }
        <p class="soft">If you would rather keep them as they are, close this page: nothing has changed.</p>`,
      { title: pace ? 'Your emails' : 'Unsubscribe' },
    )
  })
  app.post('/u/:token', async (c) => {
    if (!(await unsubscribe(ctx, deliveryOf(c))))
      return c.render(
        html`${doneSign}
          <h1>You are not in our records</h1>
          <p class="lead">We erased what we knew of you, your address too, so nothing is sent to you.</p>
          <p class="soft">
            Should you fill in a form once more, unsubscribe from the mail that answers it.
          </p>`,
        { title: 'Nothing is sent to you' },
      )
    return c.render(
      html`${doneSign}
        <h1>You are unsubscribed</h1>
        <p class="lead">${clinicName()} will not email you again.</p>
        <p class="soft">You can still call us whenever you like.</p>`,
      { title: 'Unsubscribed' },
    )
  })
  app.post('/u/:token/:change', async (c) => {
    const deliveryId = deliveryOf(c)
    const change = paceChanges.find((one) => one === c.req.param('change'))
    if (!change) throw new Problem('not-found', 'Nothing is here. Use the link in the newest mail.')
    await changePace(ctx, { deliveryId, change })
    const pace = await readPace(ctx, deliveryId)
    const until = pace?.pausedUntil && dayIn(pace.pausedUntil, pace.timeZone)
    const [title, words] = !pace
      ? ['Nothing was on its way', 'No more emails were planned for you, so there was nothing to change.']
      : change === 'pause'
        ? [
            `Paused until ${until}`,
            `${clinicName()} will not email you until then. After that the emails go on where they stopped.`,
          ]
        : change === 'fewer'
          ? ['Half as many from now on', 'The same emails, with twice as long between two of them.']
          : ['On as before', 'The emails go on as we had planned them.']
    return c.render(
      html`${doneSign}
        <h1>${title}</h1>
        <p class="lead">${words}</p>
        <p class="soft">Changed your mind? <a href="/u/${c.req.param('token')}">Choose again</a></p>`,
      { title: 'Your emails' },
    )
  })
  return app
}

/** A day as people write it: "December 25". */
const dayIn = (at: Date, timeZone: string) =>
  at.toLocaleDateString('en-US', { timeZone, month: 'long', day: 'numeric' })
