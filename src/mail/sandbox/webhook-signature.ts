import { createHmac } from 'node:crypto'
import { Problem } from '../../core/problem.ts'

/**
 * The key inside a signing secret. In: `whsec_` + base64. Out: the key's bytes.
 * Throws a Problem when it isn't one, as a wrong secret would only show as refused events.
 */
export function signingKey(secret: string): Buffer {
  const encoded = secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : ''
  const key = Buffer.from(encoded, 'base64')
  if (key.length === 0) throw new Problem('config', 'The webhook secret must be `whsec_` followed by base64.')
  return key
}

/**
 * Signs one event as Svix does (Standard Webhooks): HMAC-SHA256 over `id.timestamp.body`.
 * In: key, message id, Unix seconds, the exact body. Out: the `svix-signature` header.
 */
export function signature(key: Buffer, id: string, timestamp: number, body: string): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}
