import { domainToASCII } from 'node:url'
import { isEmailAddress } from '../../core/email-address.ts'

/** Letters, marks, digits, hyphens and dots, the ideographic full stop among them; no percent escapes, no IP literal. */
const domainText = /^[\p{L}\p{M}\p{N}.\-\u3002\uFF0E\uFF61]+$/u

/**
 * The address as mail can be sent to it: white space around it gone, domain in lower-case ASCII, local part as
 * typed. Null when it is not one complete address; never repaired, because a guess would mail a stranger.
 */
export function normaliseEmail(text: string): string | null {
  if (text.length > 1000) return null
  const typed = text.replace(/^[\s\u200B\u2060]+|[\s\u200B\u2060]+$/g, '')
  const at = typed.lastIndexOf('@')
  const domain = typed.slice(at + 1)
  if (at < 1 || typed.length > 254 || !domainText.test(domain)) return null
  const address = `${typed.slice(0, at)}@${domainToASCII(domain)}`
  return isEmailAddress(address) ? address : null
}
