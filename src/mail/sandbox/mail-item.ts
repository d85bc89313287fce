import { z } from 'zod'
import { apiError, missingField, wrongField, type ApiError } from './api-error.ts'
import { addressOf, isBlockedRecipient } from './recipient.ts'

const mailboxes = z.union([z.string(), z.array(z.string())])
const tagPart = z.string().regex(/^[A-Za-z0-9_-]{1,256}$/, 'takes 1 to 256 ASCII letters, digits, `_` or `-`')

/** One mail as it stands in a request (resend.com/docs/api-reference/emails/send-email). Other fields pass. */
const mailItem = z.looseObject({
  from: z.string(),
  to: mailboxes,
  subject: z.string(),
  cc: mailboxes.optional(),
  bcc: mailboxes.optional(),
  reply_to: mailboxes.optional(),
  html: z.string().optional(),
  text: z.string().optional(),
  headers: z.record(z.string().regex(/^[!-9;-~]+$/), z.string().regex(/^[^\r\n]*$/)).optional(),
  tags: z
    .array(z.object({ name: tagPart, value: tagPart }))
    .max(75)
    .optional(),
  scheduled_at: z.string().optional(),
  topic_id: z.string().optional(),
  template: z.looseObject({ id: z.string() }).optional(),
  attachments: z
    .array(z.looseObject({ content: z.string().optional(), path: z.string().optional() }))
    .optional(),
})
export type MailItem = z.infer<typeof mailItem>

export const asList = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value]

const recipientFields = ['to', 'cc', 'bcc'] as const
const isMissing = (value: unknown) =>
  value === undefined || value === '' || (Array.isArray(value) && !value.length)

function mailboxRefusal(item: MailItem): ApiError | null {
  if (!addressOf(item.from) || asList(item.reply_to).some((mailbox) => !addressOf(mailbox))) {
    const field = addressOf(item.from) ? 'reply_to' : 'from'
    return wrongField(`Invalid \`${field}\` field: use \`email@domain\` or \`Name <email@domain>\`.`)
  }
  for (const field of recipientFields) {
    const list = asList(item[field])
    // UNCONFIRMED whether the 50 hold for `cc` and `bcc` each; the page gives the number for `to`.
    if (list.length > 50)
      return wrongField(`\`${field}\` takes at most 50 recipients, this has ${list.length}.`)
    for (const mailbox of list) {
      const address = addressOf(mailbox)
      if (!address)
        return wrongField(`Invalid \`${field}\` field: use \`email@domain\` or \`Name <email@domain>\`.`)
      // UNCONFIRMED name; the status is documented.
      if (isBlockedRecipient(address))
        return apiError(
          422,
          'validation_error',
          `Invalid \`${field}\` field: use a testing address such as delivered@resend.dev, not this domain.`,
        )
    }
  }
  return null
}

/**
 * Reads one mail of a request. In: any JSON value, and whether it came in a batch.
 * Out: the mail, or the refusal that Resend would give.
 */
export function readMailItem(value: unknown, inBatch: boolean): { item: MailItem } | { refusal: ApiError } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { refusal: wrongField('Each mail must be a JSON object.') }
  const given = value as Record<string, unknown>
  for (const field of ['from', 'to', 'subject'])
    if (isMissing(given[field])) return { refusal: missingField(field) }
  if (given['html'] === undefined && given['text'] === undefined && given['template'] === undefined)
    return { refusal: missingField('html` or `text') }
  // UNCONFIRMED name and status: the batch page only says that attachments are not supported.
  if (inBatch && given['attachments'] !== undefined)
    return { refusal: wrongField('`attachments` are not supported in a batch.') }
  const parsed = mailItem.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return { refusal: wrongField(`Invalid \`${issue?.path.join('.')}\` field: ${issue?.message}.`) }
  }
  const refusal = mailboxRefusal(parsed.data)
  // The value as it came in, not zod's copy: what is shown later is what was sent.
  return refusal ? { refusal } : { item: value as MailItem }
}
