import type { InboundRequest } from '../core/inbound-request.ts'
import { Problem } from '../core/problem.ts'

/** The origin of an http(s) address, or null when it is none. */
export function originOf(address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null
  return url && /^https?:$/.test(url.protocol) ? url.origin : null
}

/** The page that a request says it comes from: its Origin, else that of its Referer; null when it says neither. */
export function requestOrigin({ headers }: Pick<InboundRequest, 'headers'>): string | null {
  // A page that hides where it is sends `null`: it names nobody, and so does not pass where somebody is listed.
  return originOf(headers.origin ?? headers.referer ?? '')
}

/**
 * Keeps a public form to the pages that are listed for it, and to our own. With none listed any page may post.
 * It binds browsers only: a program can write any header.
 * Throws Problem `forbidden`.
 */
export function checkOrigin(
  request: Pick<InboundRequest, 'headers'>,
  listed: readonly string[],
  publicUrl: string,
): void {
  if (listed.length === 0) return
  const origin = requestOrigin(request)
  if (origin !== null && (listed.includes(origin) || origin === originOf(publicUrl))) return
  throw new Problem('forbidden', 'This form may only be sent from the sites that are listed for it.')
}
