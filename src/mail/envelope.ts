import type { Brand } from '../core/brand.ts'
import type { EncodedMail } from '../core/mail.ts'
import { jsonText } from './encode-mail.ts'

/**
 * One lead's mail as the provider takes it, a JSON object in ASCII and in pieces (resend.com/docs/api-reference/emails/send-email). Header names: RFC 2369 and RFC 8058, which make one-click unsubscribe;
 * X-Entity-Ref-ID keeps Gmail from folding a sequence into one thread. Tags are ids and opaque step names only.
 */
export function addressMail(
  mail: EncodedMail,
  to: {
    email: string
    deliveryId: string
    step: string
    unsubscribeUrl: string
    /** Where an answer goes; null: to the clinic's own mailbox. */
    replyAddress: string | null
  },
  brand: Brand,
): string[] {
  // Under the sender's name: an address that holds a token is nothing to read.
  const replyTo = to.replyAddress === null ? brand.replyTo : renamed(brand.from, to.replyAddress)
  const opening = `{"from":"${jsonText(brand.from)}","to":["${jsonText(to.email)}"],"reply_to":"${jsonText(replyTo)}"`
  const id = jsonText(to.deliveryId)
  const closing =
    `","headers":{"List-Unsubscribe":"<${jsonText(to.unsubscribeUrl)}>",` +
    `"List-Unsubscribe-Post":"List-Unsubscribe=One-Click","X-Entity-Ref-ID":"${id}"},` +
    `"tags":[{"name":"delivery","value":"${id}"},{"name":"step","value":"${jsonText(to.step)}"}]}`
  return [
    opening,
    ',"subject":"',
    ...mail.subject,
    '","html":"',
    ...mail.html,
    '","text":"',
    ...mail.text,
    closing,
  ]
}

/** A mailbox with another address under the same name. */
const renamed = (mailbox: string, address: string) =>
  mailbox.endsWith('>') ? `${mailbox.slice(0, mailbox.lastIndexOf('<'))}<${address}>` : address

/** The exact bytes of a request for these mails, in this order, as pieces that follow each other. */
export function sealEnvelope(mails: readonly (readonly string[])[]): string[] {
  return ['[', ...mails.flatMap((mail, index) => (index === 0 ? mail : [',', ...mail])), ']']
}
