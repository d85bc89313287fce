import { findSourceById } from '../../store/sources.ts'
import { clinicTime, plainMail, type RenderAlert } from './alert-mail.ts'

/** Null once something good has come from it again. */
export const sourceRefusing: RenderAlert = async (ctx, { sourceId }) => {
  const source = sourceId === null ? null : await findSourceById(ctx.db, sourceId)
  if (!source?.refusedSince) return null
  return plainMail(
    `Nothing gets through from ${source.name}`,
    `What the form "${source.name}" sends is refused: its secret or signature is wrong. ${source.refusedRun} requests ` +
      `were refused since ${clinicTime(ctx, source.refusedSince)}, and none was taken.\n\n` +
      'Leads may be waiting in the tool of the form. Compare the secret there with the one here:\n' +
      `npm run nurture -- source secret ${source.slug}\n\n` +
      'If the form works, somebody else tries its address, and you need do nothing.\n',
  )
}
