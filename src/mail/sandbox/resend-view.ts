import { wrongField, type ApiError } from './api-error.ts'
import type { SandboxEmail } from './email.ts'
import type { Mailbox } from './mailbox.ts'

/** A mail as `GET /emails` lists it (resend.com/docs/api-reference/emails/list-emails). */
function listed(email: SandboxEmail) {
  const { id, to, from, subject, bcc, cc } = email
  return {
    id,
    to,
    from,
    created_at: email.acceptedAt,
    subject,
    bcc: bcc.length > 0 ? bcc : null,
    cc: cc.length > 0 ? cc : null,
    reply_to: email.replyTo.length > 0 ? email.replyTo : null,
    last_event: email.lastEvent,
    scheduled_at: email.scheduledAt,
  }
}

/** A mail as `GET /emails/:id` gives it. */
export function resendView(email: SandboxEmail) {
  const { messageId, html, text, tags } = email
  const tagList = Object.entries(tags).map(([name, value]) => ({ name, value }))
  return { object: 'email', ...listed(email), message_id: messageId, html, text, tags: tagList }
}

export type PageQuery = { limit: string | undefined; after: string | undefined; before: string | undefined }

/**
 * One page of mails, newest first. In: the mailbox and the query. Out: Resend's list, or the refusal.
 * UNCONFIRMED: how an unknown cursor is answered; we refuse it, as an empty page would look like the end.
 */
export function resendPage(mailbox: Mailbox, query: PageQuery) {
  const limit = query.limit === undefined ? 20 : Number(query.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) return wrongField('`limit` takes 1 to 100.')
  if (query.after !== undefined && query.before !== undefined)
    return wrongField('`after` and `before` exclude each other.')
  const cursor = query.after ?? query.before
  const position = cursor === undefined ? null : mailbox.positionOf(cursor)
  if (position === -1) return wrongField('The cursor is not the id of a mail.') satisfies ApiError
  const all = mailbox.all()
  // Oldest stands first in the mailbox: "after" a mail in a list of newest first is what stands before it.
  const end =
    query.before === undefined ? (position ?? all.length) : Math.min(all.length, (position ?? 0) + 1 + limit)
  const start = query.before === undefined ? Math.max(0, end - limit) : (position ?? 0) + 1
  const hasMore = query.before === undefined ? start > 0 : end < all.length
  return { object: 'list', has_more: hasMore, data: all.slice(start, end).reverse().map(listed) }
}
