import { domainToASCII } from 'node:url'
import { disposableEmailBlocklistSet } from 'disposable-email-domains-js'
import tlds from 'tlds' with { type: 'json' }
import type { AddressFlag } from '../../core/address-flag.ts'

/** What offices, lists and programs are called (RFC 2142 names a few), without dots and hyphens. */
const roles = new Set(
  (
    'abuse accounting accounts admin administrator all billing bookings careers contact customerservice donotreply ' +
    'enquiries enquiry everyone feedback frontdesk hello help helpdesk hostmaster hr info information inquiries ' +
    'inquiry jobs legal list mail mailerdaemon marketing media news newsletter noreply office orders postmaster press ' +
    'privacy reception root sales schedule scheduling security service spam staff support team test webmaster'
  ).split(' '),
)

/** Kept for examples (RFC 2606): nobody has a mailbox there. */
const examples = new Set(['example.com', 'example.net', 'example.org'])
/** Top-level names kept for tests and examples (RFC 2606). In a sandbox they are the only ones that harm nobody. */
const forTests = new Set(['test', 'example'])

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined
  return () => (made ??= make())
}
const disposable = once(disposableEmailBlocklistSet)
/** Every name that the root zone held when the list was made. */
const topLevels = once(() => new Set(tlds.map((name) => domainToASCII(name))))

/**
 * What is odd about an address as `normaliseEmail` leaves it. `isSandbox`: no mail leaves the machine, so that names kept
 * for examples are as good as any. Whether a mailbox is there is nothing that can be told from here.
 */
export function addressFlags(email: string, isSandbox: boolean): AddressFlag[] {
  const at = email.lastIndexOf('@')
  const domain = email.slice(at + 1).toLowerCase()
  const labels = domain.split('.')
  const domains = labels.slice(0, -1).map((_label, index) => labels.slice(index).join('.'))
  const local = email
    .slice(0, at)
    .toLowerCase()
    .replace(/\+.*$/, '')
    .replace(/[.\-_]/g, '')
  const flags: AddressFlag[] = []
  if (roles.has(local)) flags.push('role')
  if (domains.some((name) => disposable().has(name))) flags.push('disposable')
  const top = labels.at(-1) ?? ''
  const isExample = forTests.has(top) || domains.some((name) => examples.has(name))
  if (isExample ? !isSandbox : !topLevels().has(top)) flags.push('impossible')
  return flags
}
