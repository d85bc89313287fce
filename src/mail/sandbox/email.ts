import type { BounceFault } from './fault.ts'
import { asList, type MailItem } from './mail-item.ts'
import { addressOf, fateOf, type Fate } from './recipient.ts'

type SandboxEventType =
  'email.sent' | 'email.delivered' | 'email.bounced' | 'email.complained' | 'email.suppressed'

/** One thing that happened to a mail. `at` grows with each event, so that order can be read from it. */
export type SandboxEvent = {
  type: SandboxEventType
  at: string
  /** The recipients this event is about. */
  to: readonly string[]
  bounce?: { type: string; subType: string }
}

/** A mail that was accepted. */
export type SandboxEmail = {
  id: string
  /** ISO 8601, by the sandbox's clock. */
  acceptedAt: string
  idempotencyKey: string | null
  /** The RFC 5322 Message-ID that a recipient would see. */
  messageId: string
  from: string
  to: readonly string[]
  cc: readonly string[]
  bcc: readonly string[]
  replyTo: readonly string[]
  subject: string
  headers: Readonly<Record<string, string>>
  tags: Readonly<Record<string, string>>
  html: string | null
  text: string | null
  scheduledAt: string | null
  /** Without the `email.` in front, as in `GET /emails/:id`. */
  lastEvent: string
  events: readonly SandboxEvent[]
  /** True once html, text and headers were let go to bound memory. */
  trimmed: boolean
}

const eventsOfFate: Readonly<Record<Fate, readonly SandboxEventType[]>> = {
  delivered: ['email.delivered'],
  bounced: ['email.bounced'],
  complained: ['email.delivered', 'email.complained'],
  suppressed: ['email.suppressed'],
}

/**
 * All that will happen to a mail, decided when it is accepted. Recipients with the same fate share an event.
 * In: who it goes to, when it was accepted (ms), and a planned bounce. Out: events, oldest first.
 */
function eventsOf(
  recipients: readonly string[],
  acceptedAt: number,
  bounce: BounceFault | null,
): SandboxEvent[] {
  const byFate = new Map<Fate, string[]>()
  for (const mailbox of recipients) {
    const address = addressOf(mailbox) ?? mailbox
    const hit = bounce !== null && address.toLowerCase().includes(bounce.match.toLowerCase())
    const fate = hit ? 'bounced' : fateOf(address)
    const list = byFate.get(fate)
    if (list) list.push(address)
    else byFate.set(fate, [address])
  }
  const events: SandboxEvent[] = []
  const add = (type: SandboxEventType, to: readonly string[]) =>
    events.push({ type, at: new Date(acceptedAt + events.length + 1).toISOString(), to })
  // Real Resend may leave `email.sent` out for a suppressed address: UNCONFIRMED, so we send it.
  add('email.sent', recipients)
  for (const [fate, to] of byFate)
    for (const type of eventsOfFate[fate]) {
      add(type, to)
      const event = events.at(-1)
      if (event && type === 'email.bounced')
        event.bounce = { type: bounce?.bounceType ?? 'Permanent', subType: bounce?.subType ?? 'General' }
    }
  return events
}

/**
 * Makes the record of an accepted mail.
 * In: the mail as read, its new id, when (ms), the request's key, a planned bounce. Out: the record.
 */
export function toEmail(
  item: MailItem,
  id: string,
  acceptedAt: number,
  idempotencyKey: string | null,
  bounce: BounceFault | null,
): SandboxEmail {
  const to = asList(item.to)
  const cc = asList(item.cc)
  const bcc = asList(item.bcc)
  const events = eventsOf([...to, ...cc, ...bcc], acceptedAt, bounce)
  const tags: Record<string, string> = Object.create(null)
  for (const tag of item.tags ?? []) tags[tag.name] = tag.value
  const from = addressOf(item.from) ?? item.from
  return {
    id,
    acceptedAt: new Date(acceptedAt).toISOString(),
    idempotencyKey,
    messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    from: item.from,
    to,
    cc,
    bcc,
    replyTo: asList(item.reply_to),
    subject: item.subject,
    headers: item.headers ?? {},
    tags: { ...tags },
    html: item.html ?? null,
    // Resend would derive a text part from the HTML; we show what was sent and nothing else.
    text: item.text ?? null,
    scheduledAt: item.scheduled_at ?? null,
    lastEvent: (events.at(-1)?.type ?? 'email.sent').slice('email.'.length),
    events,
    trimmed: false,
  }
}
