import { countMailsInTrouble } from '../../store/troubled-deliveries.ts'
import { plainMail, type RenderAlert } from './alert-mail.ts'

/** Null once a person has had a word on all of them. */
export const mailsInTrouble: RenderAlert = async (ctx) => {
  const count = await countMailsInTrouble(ctx.db)
  if (count === 0) return null
  const [subject, they] =
    count === 1 ? ['A mail to a lead waits for you', 'it'] : [`${count} mails to leads wait for you`, 'they']
  return plainMail(
    subject,
    `${count} of the mails to leads failed, or nobody knows whether ${they} arrived. Their leads get nothing more until ` +
      'somebody says what to do: send again, skip, or it did arrive.\n\n' +
      `${ctx.config.publicUrl}/studio/problems\n\nThis is said once a day, for as long as there are any.\n`,
  )
}
