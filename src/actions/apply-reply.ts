import { manyLines, oneLine } from '../capture/text.ts'
import type { Context } from '../context.ts'
import { emailKey, foldedEmailKey } from '../core/email-address.ts'
import { automaticSign, messageIds, type ReceivedMail, type ReplyMatch } from '../core/reply.ts'
import { insertAlert } from '../store/alerts.ts'
import type { Db } from '../store/db.ts'
import { type Delivery, findDelivery, findDeliveryByMessageId } from '../store/deliveries.ts'
import type { ProviderEvent } from '../store/events.ts'
import { lockAddress } from '../store/contact-locks.ts'
import { findLead, findLeadByEmail } from '../store/leads.ts'
import { insertReply } from '../store/replies.ts'
import type { EventResult } from './receive-event.ts'
import { stopLead } from './stop-lead.ts'

const textLimit = 50_000
const lineLimit = 500

/**
 * Applies a mail that came in: a person's answer to one of our mails ends the sequence, is forwarded to the clinic, and
 * stays on a list until somebody answers it. What programs write is no answer. Where the sender's domain is known to be
 * forged, and where nothing but the sender tells whose it is, nothing changes: a person looks.
 */
export async function applyReply(
  ctx: Context,
  tx: Db,
  event: ProviderEvent,
  mail: ReceivedMail,
): Promise<EventResult> {
  const answered = await findAnswered(ctx, tx, mail)
  const leadId = answered?.delivery.leadId ?? null
  const ignored = (reason: string): EventResult => ({ status: 'ignored', reason, leadId })
  const sign = automaticSign(mail.headers)
  if (sign) return ignored(`an automatic answer: ${sign}`)
  if (isOurs(ctx, mail.from)) return ignored("the clinic's own")
  const before = leadId === null ? null : await findLead(tx, leadId)
  await lockAddress(tx, before?.foldedKey ?? foldedEmailKey(mail.from))
  const lead = leadId === null ? null : await findLead(tx, leadId)
  // What an erased lead writes is not kept, and still not lost: a person may read it where it lies.
  if (lead?.erasedAt)
    return { status: 'parked', reason: 'a lead who was erased has answered: read it at Resend', leadId }
  const hint = lead ? null : await findLeadByEmail(tx, emailKey(mail.from))
  const replyId = await insertReply(tx, {
    externalId: mail.id,
    leadId,
    deliveryId: answered?.delivery.id ?? null,
    matchedBy: answered?.by ?? null,
    hintLeadId: hint?.id ?? null,
    sender: mail.from,
    subject: oneLine(mail.subject, lineLimit),
    text: manyLines(mail.text, textLimit),
    attachments: mail.attachments,
    messageId: mail.messageId,
    dmarc: mail.dmarc,
    receivedAt: event.receivedAt,
  })
  if (replyId === null) return ignored('known already')
  const isForged = mail.dmarc === 'fail'
  if (lead && !isForged) await stopLead(ctx, tx, { leadId: lead.id, reason: 'replied' })
  if (lead || hint)
    await insertAlert(tx, { kind: 'reply', captureId: null, replyId, reason: null }, ctx.clock.now())
  const reason = lead ? (isForged ? 'the sender may be forged' : null) : 'answers no mail that we know'
  return { status: 'applied', reason, leadId }
}

/** The mail that is answered: by the address that it came to, else by the headers that name it. */
async function findAnswered(
  ctx: Context,
  tx: Db,
  mail: ReceivedMail,
): Promise<{ delivery: Delivery; by: ReplyMatch } | null> {
  for (const address of mail.to) {
    const id = ctx.links.readReplyAddress(address)
    const delivery = id && (await findDelivery(tx, id))
    if (delivery) return { delivery, by: 'address' }
  }
  // The newest of a thread stands last.
  for (const by of ['in-reply-to', 'references'] as const)
    for (const id of messageIds(mail.headers[by]).reverse().slice(0, 20)) {
      const delivery = await findDeliveryByMessageId(tx, id)
      if (delivery) return { delivery, by }
    }
  return null
}

/** True for what the clinic's own mailboxes send: an answer to a forward that went round would go round for ever. */
function isOurs({ config }: Context, from: string): boolean {
  const { brand, frontDeskEmail } = config
  const bare = (mailbox: string) => emailKey(/<([^<>]+)>$/.exec(mailbox)?.[1] ?? mailbox)
  return [brand.from, brand.replyTo, frontDeskEmail].some((mailbox) => bare(mailbox) === emailKey(from))
}
