import type { Context as HonoContext } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { CookieOptions } from 'hono/utils/cookie'

/** As long as a session can last; the server ends it sooner. */
const maxAge = 30 * 86_400

/** The cookie that holds a session's token: no script reads it, and no other site's request but a link brings it. */
export function sessionCookie(publicUrl: string) {
  const secure = publicUrl.startsWith('https:')
  // The prefix makes browsers refuse one that was set without https, or by a sibling domain (RFC 6265bis, 4.1.3.2).
  const name = secure ? '__Host-nurture' : 'nurture'
  const options: CookieOptions = { path: '/', httpOnly: true, sameSite: 'Lax', secure }
  return {
    read: (c: HonoContext) => getCookie(c, name) ?? null,
    write: (c: HonoContext, token: string) => setCookie(c, name, token, { ...options, maxAge }),
    clear: (c: HonoContext) => void deleteCookie(c, name, options),
  }
}
