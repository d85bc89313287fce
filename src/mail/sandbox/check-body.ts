import { wrongField, type ApiError } from './api-error.ts'
import type { RefusedItem } from './journal.ts'
import { readMailItem, type MailItem } from './mail-item.ts'

/** What a body comes to: its good items and, in a permissive batch, the others; or the refusal of the whole. */
export type CheckedBody = { items: MailItem[]; refused: RefusedItem[] } | { refusal: ApiError }

export type BodyRules = {
  batch: boolean
  permissive: boolean
  /** Items that a fault plan wants refused. */
  planned: { indexes: readonly number[]; message: string } | null
}

/**
 * Checks a parsed body (resend.com/docs/api-reference/emails/send-batch-emails).
 * UNCONFIRMED: the permissive answer is 200 here, also when no item was good; a test of the SDK uses 202.
 */
export function checkBody(body: unknown, rules: BodyRules): CheckedBody {
  if (body === undefined) return { refusal: wrongField('The request body is not valid JSON.') }
  if (rules.batch && !Array.isArray(body))
    return { refusal: wrongField('The request body must be an array of mails.') }
  const values: unknown[] = rules.batch ? (body as unknown[]) : [body]
  if (values.length === 0 || values.length > 100)
    return { refusal: wrongField(`A batch takes 1 to 100 mails, this has ${values.length}.`) }
  const items: MailItem[] = []
  const refused: RefusedItem[] = []
  for (const [index, value] of values.entries()) {
    const read = rules.planned?.indexes.includes(index)
      ? { refusal: wrongField(rules.planned.message) }
      : readMailItem(value, rules.batch)
    if ('item' in read) items.push(read.item)
    else if (!rules.permissive) return read
    else refused.push({ index, message: read.refusal.message })
  }
  return { items, refused }
}
