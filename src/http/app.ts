import { Hono, type MiddlewareHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { secureHeaders } from 'hono/secure-headers'
import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { pageCss } from './page-css.ts'
import { limitBody } from './limit-body.ts'
import { page } from './page.ts'
import { problemResponse, unavailableResponse, wantsPage } from './problem-response.ts'
import { bookingHooks } from './routes/booking-hooks.ts'
import { bookingLink } from './routes/booking-link.ts'
import { callMePages } from './routes/call-me-pages.ts'
import { confirmPages } from './routes/confirm-pages.ts'
import { demoSite } from './routes/demo-site.ts'
import { healthRoutes } from './routes/health-routes.ts'
import { hostedForm } from './routes/hosted-form.ts'
import { leadHooks } from './routes/lead-hooks.ts'
import { markBookedPages } from './routes/mark-booked-pages.ts'
import { resendHooks } from './routes/resend-hooks.ts'
import { thankYouPage } from './routes/thank-you-page.ts'
import { unsubscribePages } from './routes/unsubscribe-pages.ts'
import { studio } from './studio/studio.ts'

const guard = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: 'same-origin',
})

/** A webhook that is answered in JSON needs nothing of what guards a page, and comes by the thousand. */
const forPages =
  (middleware: MiddlewareHandler): MiddlewareHandler =>
  (c, next) =>
    c.req.path.startsWith('/hooks/') && !wantsPage(c) ? next() : middleware(c, next)

/** The guard of every page that has not set one for itself, as what other sites frame or load does. */
const guardRest: MiddlewareHandler = async (c, next) => {
  await next()
  if (!c.res.headers.has('content-security-policy')) await guard(c, async () => {})
}

/** Every route of the service; `board` shows the queues to admins. Errors become answers here and nowhere else. */
export function createApp(ctx: Context, board: Hono | null = null): Hono {
  const app = new Hono()
  app.use(forPages(guardRest))
  app.use(
    forPages(async (c, next) => {
      c.setRenderer((content, props) => c.html(page(ctx.config.brand, content, props)))
      await next()
      // Pages behind signed links name people: no browser or proxy keeps them.
      if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
    }),
  )
  app.use(limitBody(ctx.config.http.bodyLimitBytes))
  app.get('/page.css', (c) =>
    c.body(pageCss, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=3600' }),
  )
  app.route('/', leadHooks(ctx))
  app.route('/', resendHooks(ctx))
  app.route('/', bookingHooks(ctx))
  app.route('/', bookingLink(ctx))
  app.route('/', unsubscribePages(ctx))
  app.route('/', markBookedPages(ctx))
  app.route('/', callMePages(ctx))
  app.route('/', confirmPages(ctx))
  app.route('/', hostedForm(ctx))
  app.route('/', thankYouPage(ctx))
  app.route('/', healthRoutes(ctx))
  app.route('/studio', studio(ctx, board))
  if (ctx.config.mode === 'sandbox') app.route('/', demoSite(ctx))
  // The path is not repeated: a mistyped one may hold a secret or an address.
  app.notFound((c) =>
    problemResponse(c, new Problem('not-found', 'Nothing is here. Check the address and the method.')),
  )
  app.onError((error, c) => {
    if (error instanceof Problem) return problemResponse(c, error)
    // Hono's own, for a body that is not the JSON or the form it says it is.
    if (error instanceof HTTPException)
      return problemResponse(c, new Problem('malformed', 'The body cannot be read. Send what its type says.'))
    if (isHangUp(error))
      return problemResponse(
        c,
        new Problem('malformed', 'The body ended before it was whole. Send it again.'),
      )
    // The message may quote what came in, so only its kind is logged.
    ctx.log.error({ error: error.name, route: c.req.routePath, stack: stackOf(error) }, 'request failed')
    return unavailableResponse(c)
  })
  return app
}

/** Where it happened, without the message: that may run over several lines, a query's parameters among them. */
function stackOf(error: Error): string | undefined {
  return error.stack
    ?.split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .slice(0, 5)
    .join('\n')
}

/** The caller hung up, or was cut off at the end of the process, in the middle of a body: no fault of ours. */
const isHangUp = (error: Error) =>
  'code' in error && error.code === 'ECONNRESET' && error.message === 'aborted'
