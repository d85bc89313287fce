import type { InboundRequest } from '../core/inbound-request.ts'
import { verifySharedSecret } from './shared-secret.ts'
import { hmacSha256, requireFresh, requireHeader, requireSignature, sha256, unixTime } from './signature.ts'

/** Escapes that HubSpot decodes in the URL before it signs with v3; the query's `?` stays as it is. */
const signedAsText = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi

/**
 * Verifies a HubSpot request (developers.hubspot.com, validating requests). v3 is an HMAC with a time and wins where it
 * is there; v1 and v2 are plain hashes of secret and content, and hold no time. `url` must be the public one. A
 * workflow may bring an API key in a header instead, with no signature at all.
 */
export function verifyHubspot(request: InboundRequest, secrets: readonly string[], now: Date): void {
  if (request.headers['x-hubspot-signature-v3']) return verifyV3(request, secrets, now)
  if (!request.headers['x-hubspot-signature']) return verifySharedSecret(request, secrets)
  const given = requireHeader(request, 'x-hubspot-signature')
  const isV2 = request.headers['x-hubspot-signature-version']?.trim() === 'v2'
  const about = isV2 ? request.method + request.url : ''
  requireSignature([given], secrets, (secret) => sha256(secret, about, request.body).toString('hex'))
}

function verifyV3(request: InboundRequest, secrets: readonly string[], now: Date): void {
  const timestamp = requireHeader(request, 'x-hubspot-request-timestamp')
  const signedAt = unixTime(timestamp, 'milliseconds')
  const given = requireHeader(request, 'x-hubspot-signature-v3')
  const url = request.url.replace(signedAsText, (escape) => decodeURIComponent(escape))
  requireSignature([given], secrets, (secret) =>
    hmacSha256(secret, request.method, url, request.body, timestamp).toString('base64'),
  )
  requireFresh(signedAt, now)
}
