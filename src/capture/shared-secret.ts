import type { InboundRequest } from '../core/inbound-request.ts'
import { requireSignature } from './signature.ts'

/**
 * For providers that sign nothing but can set a header: `Authorization: Bearer <secret>`, or `X-Nurture-Secret`
 * where the tool keeps Authorization to itself.
 */
export function verifySharedSecret(request: InboundRequest, secrets: readonly string[]): void {
  const bearer = /^bearer\s+(\S+)$/i.exec(request.headers.authorization?.trim() ?? '')?.[1]
  const custom = request.headers['x-nurture-secret']?.trim()
  requireSignature(
    [bearer, custom].filter((given) => given !== undefined),
    secrets,
    (secret) => secret.trim(),
  )
}

/** For providers that can set no header: the secret is the last segment of `/hooks/leads/<source>/<secret>`. */
export function verifyPathSecret(request: InboundRequest, secrets: readonly string[]): void {
  const path = URL.canParse(request.url)
    ? new URL(request.url).pathname
    : (request.url.split(/[?#]/)[0] ?? '')
  const segment = /\/hooks\/leads\/[^/]+\/([^/]+)$/.exec(path)?.[1]
  const given = segment === undefined ? null : decoded(segment)
  requireSignature(given === null ? [] : [given], secrets, (secret) => secret.trim())
}

/** A part of a path as text: tools differ in what they escape. Null where an escape is broken. */
function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment)
  } catch {
    return null
  }
}
