import { findSignIn } from '../../store/sign-ins.ts'
import { plainMail, type RenderAlert } from './alert-mail.ts'

/** The link that a user asked for; null once it is used or over, as then it opens nothing. */
export const signIn: RenderAlert = async (ctx, { signInId }) => {
  const found = signInId === null ? null : await findSignIn(ctx.db, signInId)
  if (!found) return null
  const mail = plainMail(
    'Your link to sign in',
    `Open this link and press the button to sign in to the studio of ${ctx.config.brand.clinicName}:\n\n` +
      `${ctx.links.signIn(signInId!)}\n\n` +
      'It works once, within 15 minutes. If you did not ask for it, do nothing.\n',
  )
  return { to: [found.email], ...mail }
}
