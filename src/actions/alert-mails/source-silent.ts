import { isSilent, silence } from '../../core/alert.ts'
import { findSourceById, listCaptureTimes } from '../../store/sources.ts'
import { clinicTime, plainMail, type RenderAlert } from './alert-mail.ts'

/** Null when it has sent something meanwhile. */
export const sourceSilent: RenderAlert = async (ctx, { sourceId }) => {
  const source = sourceId === null ? null : await findSourceById(ctx.db, sourceId)
  const times = source ? await listCaptureTimes(ctx.db, source.id, silence.looked) : []
  if (!source || !isSilent(times, ctx.clock.now())) return null
  return plainMail(
    `${source.name} has fallen silent`,
    `Nothing has come from the form "${source.name}" since ${clinicTime(ctx, times[0]!)}, which is much longer than ` +
      'it usually takes.\n\nSend the form once yourself. If nothing arrives, look in its tool whether it still sends to:\n' +
      `${ctx.config.publicUrl}/hooks/leads/${source.slug}\n\n` +
      'If the form is no longer in use, you need do nothing: this is said once.\n',
  )
}
