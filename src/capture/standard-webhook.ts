import type { InboundRequest } from '../core/inbound-request.ts'
import { hmacSha256, requireFresh, requireHeader, requireSignature, unixTime } from './signature.ts'

/** Header prefixes in use: the standard's own, and Svix's (Resend signs with it). */
export type StandardWebhookPrefix = 'webhook-' | 'svix-'

/** The key inside a `whsec_…` secret, or null when it holds none. */
function keyOf(secret: string): Buffer | null {
  const text = secret.trim().replace(/^whsec_/, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null
  const key = Buffer.from(text, 'base64')
  return key.length === 0 ? null : key
}

/**
 * Verifies a Standard Webhooks 1.0.0 signature (github.com/standard-webhooks/standard-webhooks): HMAC-SHA256 over
 * `id.timestamp.body`, ±5 minutes as its libraries do. Only symmetric `v1` signatures count; other versions in
 * the list are skipped. Returns the message id, which is the same on every retry.
 */
export function verifyStandardWebhook(
  request: InboundRequest,
  secrets: readonly string[],
  now: Date,
  prefix: StandardWebhookPrefix = 'webhook-',
): string {
  const id = requireHeader(request, `${prefix}id`)
  const timestamp = requireHeader(request, `${prefix}timestamp`)
  const signedAt = unixTime(timestamp, 'seconds')
  const given = requireHeader(request, `${prefix}signature`)
    .split(/\s+/)
    .filter((entry) => entry.startsWith('v1,'))
    .map((entry) => entry.slice('v1,'.length))
  requireSignature(given, secrets, (secret) => {
    const key = keyOf(secret)
    return key && hmacSha256(key, `${id}.${timestamp}.`, request.body).toString('base64')
  })
  requireFresh(signedAt, now)
  return id
}
