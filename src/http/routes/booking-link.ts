import { setTimeout as sleep } from 'node:timers/promises'
import { Hono } from 'hono'
import { recordClick } from '../../actions/record-click.ts'
import type { Context } from '../../context.ts'
import { isPerson } from '../is-person.ts'

/** Whoever wants to book waits no longer than this for our own book-keeping. */
const recordMs = 1_000

/**
 * The booking button of our mails: always leads on to the clinic's booking page and nowhere else, whatever the token is
 * and whether or not the click can be stored.
 */
export function bookingLink(ctx: Context): Hono {
  return new Hono().get('/book/:token', async (c) => {
    const token = c.req.param('token')
    const deliveryId = ctx.links.read('click', token)
    if (deliveryId && isPerson(c)) {
      const record = recordClick(ctx, deliveryId).catch((error: Error) =>
        ctx.log.warn({ error: error.name }, 'a click was not stored'),
      )
      await Promise.race([record, sleep(recordMs, undefined, { ref: false })])
    }
    return c.redirect(ctx.links.bookingPage(deliveryId && token))
  })
}
