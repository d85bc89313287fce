/** What becomes of a mail at one address. */
export type Fate = 'delivered' | 'bounced' | 'complained' | 'suppressed'

const addressForm = /^[^\s@<>,;:"]+@[^\s@<>,;:".]+(?:\.[^\s@<>,;:".]+)+$/

/**
 * The bare address of a mailbox. In: `pat@clinic.example` or `Pat <pat@clinic.example>`.
 * Out: the address as written, or null when it is neither (a line break, which would start a header, included).
 */
export function addressOf(mailbox: string): string | null {
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what must not pass
  if (mailbox.length > 998 || /[\u0000-\u001f\u007f]/.test(mailbox)) return null
  const open = mailbox.endsWith('>') ? mailbox.lastIndexOf('<') : -1
  const address = open === -1 ? mailbox.trim() : mailbox.slice(open + 1, -1)
  return addressForm.test(address) ? address : null
}

const blockedDomains = /@(?:(?:.+\.)?example\.(?:com|net|org)|test\.(?:com|net|org))$/i

/**
 * Whether Resend refuses this recipient as a test domain. Its page names example.com, test.com "and the like".
 * UNCONFIRMED which others: we add the rest of RFC 2606's example domains and test.net/.org, and let the
 * reserved endings (`.example`, `.test`) pass, so that fixtures have somewhere to go.
 */
export const isBlockedRecipient = (address: string): boolean => blockedDomains.test(address)

const testAddress = /^(?:(delivered|bounced|complained)(?:\+[^@]*)?|(suppressed))@resend\.dev$/i

/**
 * What becomes of a mail to this address: Resend's test addresses decide, everything else is delivered.
 * Labels (`bounced+lead42@`) work on the first three, not on `suppressed@`
 * (resend.com/docs/dashboard/emails/send-test-emails).
 */
export function fateOf(address: string): Fate {
  const match = testAddress.exec(address)
  return ((match?.[1] ?? match?.[2])?.toLowerCase() as Fate | undefined) ?? 'delivered'
}
