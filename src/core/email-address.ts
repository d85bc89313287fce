/**
 * What one address looks like once it is clean: dot-atom local part (RFC 5322, 3.2.3), ASCII only because the mail
 * provider cannot send to anything else; lower-case host name whose last label is a name, so no IP literal.
 * The pattern has no room for quotes, commas, angle brackets or line breaks, so an address cannot forge a header.
 */
const localPart = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i
const hostLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const topLabel = /^(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/

/** Splits at the last @, or null when there is none. */
function split(address: string): { local: string; domain: string } | null {
  const at = address.lastIndexOf('@')
  return at < 1 ? null : { local: address.slice(0, at), domain: address.slice(at + 1) }
}

/** Whether a trimmed address with a lower-case ASCII domain is one that mail can be sent to. */
export function isEmailAddress(address: string): boolean {
  const parts = split(address)
  if (!parts || address.length > 254 || parts.local.length > 64) return false
  const labels = parts.domain.split('.')
  return (
    localPart.test(parts.local) &&
    labels.length >= 2 &&
    labels.every((label) => hostLabel.test(label)) &&
    topLabel.test(labels.at(-1) ?? '')
  )
}

/** The key under which one lead is one lead: the whole address in lower case, plus-tag kept. */
export function emailKey(address: string): string {
  return address.trim().toLowerCase()
}

/**
 * The key under which a suppression holds whichever way the address is written: plus-tag removed; for Gmail also
 * dots, and its two domains are one, because all of these reach the same mailbox.
 */
export function foldedEmailKey(address: string): string {
  const key = emailKey(address)
  const parts = split(key)
  if (!parts) return key
  const plus = parts.local.indexOf('+')
  const local = plus > 0 ? parts.local.slice(0, plus) : parts.local
  if (parts.domain !== 'gmail.com' && parts.domain !== 'googlemail.com') return `${local}@${parts.domain}`
  return `${local.replaceAll('.', '')}@gmail.com`
}
