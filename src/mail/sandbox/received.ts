import { randomUUID } from 'node:crypto'
import type { SandboxEmail } from './email.ts'
import { addressOf } from './recipient.ts'

type Verdict = 'pass' | 'fail' | 'gray' | 'processing_failed' | 'unknown'

/** A mail that somebody sends to an address which Resend receives for us. */
export type IncomingMail = {
  /** A bare address. */
  from: string
  to: string | readonly string[]
  cc?: readonly string[]
  subject?: string
  text?: string | null
  html?: string | null
  /** Besides those that every mail has. */
  headers?: Readonly<Record<string, string>>
  messageId?: string
  dmarc?: Verdict
  attachments?: readonly { filename: string; contentType: string }[]
}

/** The same once it has come in. */
export type ReceivedMail = {
  id: string
  /** ISO 8601, by the sandbox's clock. */
  receivedAt: string
  from: string
  to: readonly string[]
  cc: readonly string[]
  subject: string
  text: string | null
  html: string | null
  headers: Readonly<Record<string, string>>
  messageId: string
  dmarc: Verdict
  attachments: readonly { id: string; filename: string; contentType: string }[]
}

/** In: the mail, when it came in, and the id it gets. */
export function toReceived(mail: IncomingMail, at: Date, id: string = randomUUID()): ReceivedMail {
  const { from, cc = [], subject = '', text = null, html = null, headers = {} } = mail
  const to = typeof mail.to === 'string' ? [mail.to] : mail.to
  const messageId = mail.messageId ?? `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`
  const receivedAt = at.toISOString()
  return {
    id,
    receivedAt,
    from,
    to,
    cc,
    subject,
    text,
    html,
    headers: {
      'message-id': messageId,
      date: at.toUTCString(),
      from,
      to: to.join(', '),
      subject,
      ...headers,
    },
    messageId,
    dmarc: mail.dmarc ?? 'pass',
    attachments: (mail.attachments ?? []).map((one) => ({ id: randomUUID(), ...one })),
  }
}

/** The answer of somebody who got a mail, as a mail program writes it. */
export function answerTo(email: SandboxEmail, text: string): IncomingMail {
  const [to = email.from] = email.replyTo
  return {
    from: addressOf(email.to[0] ?? '') ?? '',
    to: addressOf(to) ?? to,
    subject: /^re:/i.test(email.subject) ? email.subject : `Re: ${email.subject}`,
    text,
    headers: { 'in-reply-to': email.messageId, references: email.messageId },
  }
}

const attachmentView = ({ id, filename, contentType }: ReceivedMail['attachments'][number]) => ({
  id,
  filename,
  content_type: contentType,
  content_disposition: 'attachment',
  content_id: null,
})

/** A mail as `GET /emails/receiving` lists it (resend.com/docs/api-reference/emails/list-received-emails). */
function listed(mail: ReceivedMail) {
  const { id, to, from, receivedAt, subject, cc, messageId, attachments } = mail
  return {
    id,
    to,
    from,
    created_at: receivedAt,
    subject,
    bcc: [],
    cc,
    reply_to: [],
    received_for: to,
    message_id: messageId,
    attachments: attachments.map((one) => ({ ...attachmentView(one), size: 1_024 })),
  }
}

/** All received mails, newest first. UNCONFIRMED: cursors, which nothing here needs. */
export const receivedList = (mails: Iterable<ReceivedMail>) => ({
  object: 'list',
  has_more: false,
  data: [...mails].reverse().map(listed),
})

/** A mail as `GET /emails/receiving/:id` gives it. */
export function receivedView(mail: ReceivedMail) {
  const { html, text, headers, dmarc } = mail
  return {
    object: 'email',
    ...listed(mail),
    html,
    html_format: 'data_uri',
    text,
    headers,
    authentication: { spf: dmarc, dkim: dmarc, dmarc },
    raw: null,
  }
}

/** The event of a mail that came in: what it is about, without body and headers. */
export function receivedEventBody(mail: ReceivedMail): string {
  const { id, receivedAt, from, to, cc, messageId, subject, attachments } = mail
  return JSON.stringify({
    type: 'email.received',
    created_at: receivedAt,
    data: {
      email_id: id,
      created_at: receivedAt,
      from,
      to,
      cc,
      bcc: [],
      received_for: to,
      message_id: messageId,
      subject,
      attachments: attachments.map(attachmentView),
    },
  })
}
