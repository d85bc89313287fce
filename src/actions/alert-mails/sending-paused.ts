import { findPause } from '../../store/pause.ts'
import { pauseInWords } from '../pause.ts'
import { plainMail, type RenderAlert } from './alert-mail.ts'

/** Said as it is by the time the mail can go: trouble of the account holds up this very mail, too. */
export const sendingPaused: RenderAlert = async (ctx, alert) => {
  const pause = await findPause(ctx.db)
  if (!pause)
    return plainMail(
      'Mail to leads was paused',
      `nurture had paused all mail since ${alert.createdAt.toISOString()}. Reason: ${alert.reason}.\n\n` +
        'It is sending again. Nothing was lost: what was due meanwhile goes out in its windows.\n',
    )
  const next = pause.until
    ? 'It goes on by itself then.'
    : `See ${ctx.config.publicUrl}/health, mend the cause, then run: npm run nurture -- resume`
  return plainMail(
    'Mail to leads is paused',
    `nurture has paused all mail. Reason: ${pauseInWords(pause)}.\n\n` +
      `Nothing is lost: leads are still captured, and what is due waits.\n${next}\n`,
  )
}
