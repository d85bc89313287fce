import { toEmail, type SandboxEmail } from './email.ts'
import { scopeOf } from './idempotency.ts'
import type { Acceptance, RefusedItem } from './journal.ts'
import { asList, type MailItem } from './mail-item.ts'
import type { SandboxState } from './state.ts'

/** The body of a 2xx answer. Made again after a restart, it is the same text. */
function answerOf(acceptance: Acceptance): string {
  const data = acceptance.ids.map((id) => ({ id }))
  if (acceptance.attempt.path === '/emails') return JSON.stringify(data[0])
  // UNCONFIRMED whether `errors` is there when no item was refused: SDK types say so, for permissive only.
  return JSON.stringify(acceptance.permissive ? { data, errors: acceptance.refused } : { data })
}

/** The items of a body without those that were refused. */
export function acceptedItems(body: unknown, refused: readonly RefusedItem[]): MailItem[] {
  const skipped = new Set(refused.map(({ index }) => index))
  const items = (Array.isArray(body) ? body : [body]) as MailItem[]
  return skipped.size === 0 ? items : items.filter((_, index) => !skipped.has(index))
}

/** How much of the quota mails use: every recipient counts. */
export const recipientCount = (items: readonly MailItem[]): number =>
  items.reduce((sum, { to, cc, bcc }) => sum + asList(to).length + asList(cc).length + asList(bcc).length, 0)

/**
 * Puts an accepted request in place: mails, attempt, quota, the key's record. Used when it is accepted and when
 * the file is read, so both give the same. Out: the answer's body and the new mails.
 */
export function accept(
  state: SandboxState,
  acceptance: Acceptance,
  items: readonly MailItem[],
): { answer: string; emails: SandboxEmail[] } {
  const { attempt, acceptedAt, ids, bounce } = acceptance
  const emails = items.map((item, index) => {
    const email = toEmail(item, ids[index] ?? '', acceptedAt, attempt.idempotencyKey, bounce)
    state.mailbox.add(email, item)
    return email
  })
  state.attempts.push(attempt)
  state.quota.add(recipientCount(items), acceptedAt)
  const answer = answerOf(acceptance)
  if (attempt.idempotencyKey !== null)
    state.idempotency.keep(scopeOf(attempt.path, attempt.idempotencyKey), {
      bodyHash: attempt.bodyHash,
      acceptedAt,
      answer,
      ids,
    })
  return { answer, emails }
}
