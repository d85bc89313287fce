import { lookup } from 'node:dns'
import { get as getPlain, type IncomingMessage } from 'node:http'
import { get as getSecure } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { type Picture, pictureOf } from './picture.ts'

/** The clinic's logo as the internet has it, or why a mail would not show it. */
type Logo = (Picture & { bytes: Buffer }) | { problem: string }
export type LogoReader = (url: string) => Promise<Logo>

/** More of it would be slow to load in each mail. */
export const logoBytesMost = 300 * 1024

const closed = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  closed.addSubnet(net, bits, 'ipv4')

/** Only 2000::/3 is in use on the internet; what wraps an IPv4 address in there is left out, too. */
const openV6 = new BlockList()
openV6.addSubnet('2000::', 3, 'ipv6')
const wrapped = new BlockList()
wrapped.addSubnet('2001::', 32, 'ipv6')
wrapped.addSubnet('2002::', 16, 'ipv6')

/** Whether an address is on the open internet: our own network must not be asked for what somebody typed. */
export function isOpenAddress(address: string): boolean {
  if (isIP(address) === 4) return !closed.check(address, 'ipv4')
  return isIP(address) === 6 && openV6.check(address, 'ipv6') && !wrapped.check(address, 'ipv6')
}

class Closed extends Error {}

/** Reads logos, each at most once a minute: the studio asks often, and a clinic's site has other things to do. */
export function createLogoReader({
  timeoutMs,
  isOpen = isOpenAddress,
  now = () => performance.now(),
}: {
  timeoutMs: number
  isOpen?: (address: string) => boolean
  now?: () => number
}): LogoReader {
  let last: { url: string; at: number; logo: Promise<Logo> } | null = null
  return (url) => {
    if (last?.url !== url || now() - last.at > 60_000) last = { url, at: now(), logo: fetchLogo(url) }
    return last.logo
  }

  async function fetchLogo(url: string): Promise<Logo> {
    try {
      const answer = await ask(url)
      const { statusCode = 0 } = answer
      if (statusCode !== 200) {
        answer.destroy()
        return {
          problem:
            statusCode >= 300 && statusCode < 400
              ? 'This address only leads to another one. Give the one that it leads to.'
              : `The picture is not there: its server answers ${statusCode}.`,
        }
      }
      const bytes = await readShort(answer)
      if (!bytes) return { problem: `The file is larger than ${logoBytesMost / 1024} kB. Make it smaller.` }
      const picture = pictureOf(bytes)
      return picture
        ? { ...picture, bytes }
        : { problem: 'This is no PNG, JPEG or GIF, and mail programs do not show others.' }
    } catch (error) {
      if (error instanceof Closed)
        return { problem: 'This address is on a private network, so that nobody else can load it.' }
      const { name, code } = error as NodeJS.ErrnoException
      return {
        problem:
          name === 'TimeoutError' || name === 'AbortError'
            ? 'The picture did not come in time.'
            : `The picture could not be loaded${code ? ` (${code})` : ''}. Is the address right, and this machine online?`,
      }
    }
  }

  /** Connects to the very address that was looked at, so that a name cannot mean another one a moment later. */
  function ask(url: string): Promise<IncomingMessage> {
    const { protocol, hostname } = new URL(url)
    const host = hostname.replace(/^\[|\]$/g, '')
    if (isIP(host) && !isOpen(host)) throw new Closed()
    const lookOpen: LookupFunction = (name, options, done) =>
      lookup(name, { ...options, all: true }, (error, found) => {
        const open = (found ?? []).filter(({ address }) => isOpen(address))
        if (error) done(error, '', 0)
        else if (!open[0]) done(new Closed(), '', 0)
        else if (options.all) done(null, open)
        else done(null, open[0].address, open[0].family)
      })
    return new Promise((resolve, reject) => {
      const get = protocol === 'https:' ? getSecure : getPlain
      const options = { lookup: lookOpen, agent: false, signal: AbortSignal.timeout(timeoutMs) }
      get(url, { ...options, headers: { accept: 'image/png,image/jpeg,image/gif' } }, resolve).on(
        'error',
        reject,
      )
    })
  }
}

/** The body, or null when there is more of it than a logo may have. */
async function readShort(answer: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of answer as AsyncIterable<Buffer>) {
    length += part.byteLength
    // Leaving the loop ends the connection.
    if (length > logoBytesMost) return null
    parts.push(part)
  }
  return Buffer.concat(parts)
}
