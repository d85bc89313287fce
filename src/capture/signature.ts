import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { InboundRequest } from '../core/inbound-request.ts'
import { Problem } from '../core/problem.ts'

type Bytes = string | Uint8Array

export const fiveMinutes = 5 * 60_000

/** HMAC-SHA256 over the parts one after the other. */
export function hmacSha256(key: Bytes, ...parts: readonly Bytes[]): Buffer {
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(part)
  return hmac.digest()
}

/** Plain SHA-256 over the parts one after the other. */
export function sha256(...parts: readonly Bytes[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Compares two texts in constant time; only a difference in length is told early. */
export function equalText(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

/** The header, or Problem `unauthorized` when it is missing or empty. */
export function requireHeader(request: InboundRequest, name: string): string {
  const value = request.headers[name]?.trim()
  if (!value) throw new Problem('unauthorized', `The request has no ${name} header.`)
  return value
}

/**
 * Passes when any given signature equals what any secret would have signed: several secrets are one rotation.
 * Compared as encoded text, so that no second spelling of a signature passes; a blank secret never counts,
 * since anyone can sign with it. `sign` may answer null for a secret that it cannot use.
 */
export function requireSignature(
  given: readonly string[],
  secrets: readonly string[],
  sign: (secret: string) => string | null,
): void {
  let matched = false
  for (const secret of secrets) {
    const expected = secret.trim() === '' ? null : sign(secret)
    if (expected === null) continue
    for (const signature of given) {
      if (equalText(signature, expected)) matched = true
    }
  }
  if (!matched) throw new Problem('unauthorized', 'The signature or secret does not match.')
}

/** Reads a Unix time of so many seconds or milliseconds out of a header; anything else is `unauthorized`. */
export function unixTime(text: string, unit: 'seconds' | 'milliseconds'): number {
  if (!/^\d{1,13}$/.test(text)) throw new Problem('unauthorized', 'The signature carries no valid time.')
  return unit === 'seconds' ? Number(text) * 1000 : Number(text)
}

/** Throws Problem `stale` when the signed time is too far from now, in either direction. */
export function requireFresh(signedAt: number, now: Date, tolerance: number = fiveMinutes): void {
  if (Math.abs(now.getTime() - signedAt) > tolerance) {
    throw new Problem('stale', 'The signature is too old or too new: check the clocks, or send it again.')
  }
}

/** Reads `t=…,v1=…` style headers: every value of each name, in order. */
export function headerPairs(header: string): Map<string, string[]> {
  const pairs = new Map<string, string[]>()
  for (const part of header.split(',')) {
    const equals = part.indexOf('=')
    if (equals < 1) continue
    const name = part.slice(0, equals).trim()
    pairs.set(name, [...(pairs.get(name) ?? []), part.slice(equals + 1).trim()])
  }
  return pairs
}
