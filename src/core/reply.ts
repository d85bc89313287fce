/** How the mail that a reply answers was found, surest first: the address it was sent to, or a header that names it. */
export const replyMatches = ['address', 'in-reply-to', 'references'] as const
export type ReplyMatch = (typeof replyMatches)[number]

/** What we keep events of mail that came in under, apart from those about mail that we sent. */
export const receivedEvents = 'resend-received'

/** A mail that came in, as its provider shows it. */
export type ReceivedMail = {
  id: string
  /** A bare address. */
  from: string
  /** Every address that it was sent to, or taken in for. */
  to: readonly string[]
  subject: string
  text: string
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  messageId: string | null
  /** What the provider found when it checked the sender's domain; null when it does not say. */
  dmarc: string | null
  attachments: number
}

/** What came of asking for a mail that came in. A failure's reason holds nothing personal. */
export type ReceivedReading = { outcome: 'read'; mail: ReceivedMail } | { outcome: 'failed'; reason: string }

/** Programs answer with these, which no person sets (`Auto-Submitted`: RFC 3834; the others are custom). */
const precedences = /^(bulk|junk|list|auto[_-]reply)$/i
const marks = ['x-autoreply', 'x-autorespond']

/** The header that shows that a program wrote this, or null: it is then no answer of a person. */
export function automaticSign(headers: ReceivedMail['headers']): string | null {
  const value = (name: string) => headers[name]?.trim() ?? ''
  const submitted = value('auto-submitted')
    .replace(/[;(].*$/s, '')
    .trim()
    .toLowerCase()
  if (submitted !== '' && submitted !== 'no') return 'auto-submitted'
  if (precedences.test(value('precedence'))) return 'precedence'
  const mark = marks.find((name) => headers[name] !== undefined)
  if (mark) return mark
  if (value('return-path') === '<>') return 'return-path'
  return /^multipart\/report\b/i.test(value('content-type')) ? 'content-type' : null
}

/** The Message-IDs in a header (RFC 5322), without their brackets. */
export function messageIds(header: string | undefined): string[] {
  return [...(header ?? '').matchAll(/<([^<>\s]{1,500})>/g)].map(([, id = '']) => id)
}
