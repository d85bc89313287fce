import { findLead } from '../../store/leads.ts'
import { findReply } from '../../store/replies.ts'
import type { RenderAlert } from './alert-mail.ts'

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/**
 * A lead's reply as the clinic's inbox gets it: whoever answers it answers the lead. Its subject is our own and its words
 * may be quoted back, so neither says anything that the lead should not read. Null when the lead was erased meanwhile.
 */
export const reply: RenderAlert = async (ctx, { replyId }) => {
  if (replyId === null) return null
  const found = await findReply(ctx.db, replyId)
  const { brand } = ctx.config
  const { reply: said } = found ?? {}
  if (!said?.sender || said.text === null) return null
  const lead = said.leadId === null ? null : await findLead(ctx.db, said.leadId)
  const name = lead ? [lead.firstName, lead.lastName].filter(Boolean).join(' ') : ''
  const answersTo = lead?.email ?? said.sender
  const isOther = answersTo.toLowerCase() !== said.sender.toLowerCase()
  const notes = [
    `${name || 'A lead'} wrote this in answer to an email from ${brand.clinicName}. Answer this message to answer ${answersTo}.`,
    isOther ? `It was written from another address: ${said.sender}.` : '',
    lead?.phone ? `Phone: ${lead.phone}` : '',
    said.attachments > 0 ? `Files that came with it, to be read at Resend: ${said.attachments}` : '',
    caution(lead !== null, said.dmarc),
  ]
  const text = `${said.text || '(no words)'}\n\n-- \n${notes.filter(Boolean).join('\n')}\n`
  // So that the answer stands in the lead's own thread.
  const thread = said.messageId === null ? null : `<${said.messageId}>`
  return {
    to: [brand.replyTo],
    reply_to: answersTo,
    subject: `Reply to ${brand.clinicName}`,
    text,
    html: `<pre style="white-space:pre-wrap;font:inherit">${escapeHtml(text)}</pre>`,
    ...(thread === null ? {} : { headers: { 'In-Reply-To': thread, References: thread } }),
  }
}

function caution(isMatched: boolean, dmarc: string | null): string {
  if (!isMatched)
    return 'Only the sender’s address tells who wrote it, so the series of emails goes on. Stop it if need be.'
  if (dmarc === 'fail') return 'The sender’s address may be forged, so the series of emails goes on.'
  return 'The series of emails has ended.'
}
