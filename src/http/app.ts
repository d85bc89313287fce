import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { pageCss } from './page.ts'
import { problemResponse } from './problem-response.ts'
import { bookingHooks } from './routes/booking-hooks.ts'
import { callMePages } from './routes/call-me-pages.ts'
import { demoSite } from './routes/demo-site.ts'
import { healthRoutes } from './routes/health-routes.ts'
import { leadHooks } from './routes/lead-hooks.ts'
import { markBookedPages } from './routes/mark-booked-pages.ts'
import { resendHooks } from './routes/resend-hooks.ts'
import { thankYouPage } from './routes/thank-you-page.ts'
import { unsubscribePages } from './routes/unsubscribe-pages.ts'

/** Every route of the service. Errors become answers here and nowhere else. */
export function createApp(ctx: Context): Hono {
  const app = new Hono()
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      referrerPolicy: 'same-origin',
    }),
  )
  app.use(
    bodyLimit({
      maxSize: ctx.config.http.bodyLimitBytes,
      onError: (c) =>
        problemResponse(
          c,
          new Problem('too-large', `Send at most ${ctx.config.http.bodyLimitBytes} bytes.`),
        ) as Response,
    }),
  )
  app.get('/page.css', (c) =>
    c.body(pageCss, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=3600' }),
  )
  app.route('/', leadHooks(ctx))
  app.route('/', resendHooks(ctx))
  app.route('/', bookingHooks(ctx))
  app.route('/', unsubscribePages(ctx))
  app.route('/', markBookedPages(ctx))
  app.route('/', callMePages(ctx))
  app.route('/', thankYouPage(ctx))
  app.route('/', healthRoutes(ctx))
  if (ctx.config.mode === 'sandbox') app.route('/', demoSite(ctx))
  app.notFound((c) => problemResponse(c, new Problem('not-found', `Nothing is at ${c.req.path}.`)))
  app.onError((error, c) => {
    if (error instanceof Problem) return problemResponse(c, error)
    // The message may quote what came in, so only its kind is logged.
    ctx.log.error({ error: error.name, route: c.req.routePath, stack: stackOf(error) }, 'request failed')
    const body = { type: 'urn:nurture:problem:unavailable', title: 'Try again later', status: 503 }
    return c.body(JSON.stringify(body), 503, {
      'content-type': 'application/problem+json',
      'retry-after': '10',
    })
  })
  return app
}

/** Where it happened, without the first line, which holds the message. */
function stackOf(error: Error): string | undefined {
  return error.stack?.split('\n').slice(1, 6).join('\n')
}
