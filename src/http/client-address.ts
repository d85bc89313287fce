import { isIP, isIPv6 } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context as HonoContext } from 'hono'

/**
 * Where a request comes from, as one connection: an IPv4 address, or the /64 network of an IPv6 one, of which a single
 * customer has all. `trustedProxies` is how many proxies of ours each request passes; each adds one address to
 * X-Forwarded-For, and what stands before those anybody could have written. Null when it cannot be told.
 */
export function clientAddress(c: HonoContext, trustedProxies: number): string | null {
  const peer = getConnInfo(c).remote.address ?? ''
  const forwarded = trustedProxies > 0 ? (c.req.header('x-forwarded-for') ?? '').split(',') : []
  const told = forwarded.slice(-trustedProxies)[0]?.trim() ?? ''
  return connectionOf(isIP(told) ? told : peer)
}

/** One name for all addresses of one connection; null for what is no address. */
export function connectionOf(address: string): string | null {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (!isIP(plain)) return null
  if (!isIPv6(plain)) return plain
  // The host of a URL is written in one way only (url.spec.whatwg.org, IPv6 serializer), with at most one `::`.
  const [head = '', tail] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::')
  const groups = head.split(':').filter(Boolean)
  const after = (tail ?? '').split(':').filter(Boolean)
  const zeros = tail === undefined ? 0 : 8 - groups.length - after.length
  const whole = [...groups, ...Array<string>(zeros).fill('0'), ...after]
  return `${whole.slice(0, 4).join(':')}::/64`
}
