import { findHookRefusals } from '../../store/hook-refusals.ts'
import { clinicTime, plainMail, type RenderAlert } from './alert-mail.ts'

const lost = {
  resend: 'Until this is mended nobody hears of bounces, complaints and replies.',
  booking: 'Until this is mended leads who book go on getting mail that asks them to.',
}

/** Null once something good has come from it again. `reason` names the tool. */
export const hookRefusing: RenderAlert = async (ctx, { reason: tool }) => {
  const refused = tool === null ? null : await findHookRefusals(ctx.db, tool)
  if (!refused) return null
  return plainMail(
    `Nothing gets through from ${tool}`,
    `What ${tool} reports is refused: its secret or signature is wrong. At least ${refused.count} calls were refused ` +
      `since ${clinicTime(ctx, refused.since)}, and none was taken.\n\n` +
      `${tool === 'resend' ? lost.resend : lost.booking} Compare the secret of the webhook in ${tool} with the one ` +
      'that nurture was started with, and look there whether it still sends: some tools stop when they are refused.\n\n' +
      'If the webhook works, somebody else tries its address, and you need do nothing.\n',
  )
}
