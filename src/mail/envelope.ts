import type { Brand } from '../core/brand.ts'
import type { RenderedMail } from '../core/mail.ts'
import type { OutgoingMail } from './mailer.ts'

/**
 * One lead's mail as the provider takes it. Header names: RFC 2369 and RFC 8058, which make one-click unsubscribe;
 * X-Entity-Ref-ID keeps Gmail from folding a sequence into one thread. Tags are ids and opaque step names only.
 */
export function addressMail(
  mail: RenderedMail,
  to: { email: string; deliveryId: string; step: string; unsubscribeUrl: string },
  brand: Brand,
): OutgoingMail {
  return {
    from: brand.from,
    to: [to.email],
    reply_to: brand.replyTo,
    subject: mail.subject,
    html: mail.html,
    text: mail.text,
    headers: {
      'List-Unsubscribe': `<${to.unsubscribeUrl}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'X-Entity-Ref-ID': to.deliveryId,
    },
    tags: [
      { name: 'delivery', value: to.deliveryId },
      { name: 'step', value: to.step },
    ],
  }
}

/** The exact bytes of a request for these mails, in this order. */
export function sealEnvelope(mails: readonly OutgoingMail[]): Buffer {
  return Buffer.from(JSON.stringify(mails))
}
