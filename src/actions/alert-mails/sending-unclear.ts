import { findOutage, outageMs } from '../../store/outage.ts'
import { clinicTime, plainMail, type RenderAlert } from './alert-mail.ts'

/** Null once the provider answers again. */
export const sendingUnclear: RenderAlert = async (ctx) => {
  const since = await findOutage(ctx.db, ctx.clock.now(), outageMs)
  if (!since) return null
  return plainMail(
    'Mail to leads is late: the provider gives no clear answer',
    `Since ${clinicTime(ctx, since)} no call to the provider has come to anything certain.\n\n` +
      'Nothing is lost and nothing goes out twice: each envelope is asked for again under its key, and leads are still ' +
      'captured. What stays unknown for 23 hours is parked for you.\n\n' +
      `Look at the provider's status page, and at ${ctx.config.publicUrl}/health.\n`,
  )
}
