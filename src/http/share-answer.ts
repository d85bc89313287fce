import type { Context as HonoContext } from 'hono'
import { requestOrigin } from '../capture/origins.ts'
import type { Source } from '../store/sources.ts'

/** Lets a script of a listed site read the answer (CORS, fetch.spec.whatwg.org). Says whether it may. */
export function shareAnswer(c: HonoContext, { origins }: Pick<Source, 'origins'>): boolean {
  c.header('vary', 'origin', { append: true })
  const origin = requestOrigin({ headers: { origin: c.req.header('origin') } })
  if (origin === null || !origins.includes(origin)) return false
  c.header('access-control-allow-origin', origin)
  return true
}
