import type { SandboxEmail, SandboxEvent } from './email.ts'

const bounceWords: Readonly<Record<string, { message: string; diagnosticCode: string[] }>> = {
  Permanent: {
    message: "The recipient's mail server says this mailbox does not exist.",
    diagnosticCode: ['smtp; 550 5.1.1 user unknown'],
  },
  Transient: {
    message: "The recipient's mail server cannot take this mail at the moment.",
    diagnosticCode: ['smtp; 452 4.2.2 mailbox full'],
  },
}
const undetermined = { message: 'The mail came back and does not say why.', diagnosticCode: [] as string[] }

/** What the event adds to `data`, by its type. */
function extraOf(event: SandboxEvent): Record<string, unknown> {
  if (event.type === 'email.suppressed') {
    const message = 'The recipient is on the suppression list of this account.'
    return { suppressed: { type: 'OnAccountSuppressionList', reason: 'previous_bounce', message } }
  }
  if (!event.bounce) return {}
  return { bounce: { ...event.bounce, ...(bounceWords[event.bounce.type] ?? undetermined) } }
}

/**
 * The body of one event, as Resend words it (resend.com/docs/webhooks/event-types).
 * In: the mail and what happened to it. Out: JSON, the same text every time it is made.
 */
export function eventBody(email: SandboxEmail, event: SandboxEvent): string {
  const headers = Object.entries(email.headers).map(([name, value]) => ({ name, value }))
  return JSON.stringify({
    type: event.type,
    created_at: event.at,
    data: {
      email_id: email.id,
      message_id: email.messageId,
      created_at: email.acceptedAt,
      from: email.from,
      to: event.to,
      subject: email.subject,
      ...(Object.keys(email.tags).length > 0 && { tags: email.tags }),
      ...(headers.length > 0 && { headers }),
      ...extraOf(event),
    },
  })
}
