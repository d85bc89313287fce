import type { Context } from '../../context.ts'
import type { LeadNews } from '../../core/mail.ts'
import type { Alert } from '../../store/alerts.ts'
import { findCapture, latestCaptureId } from '../../store/captures.ts'
import { hasBookedSince, findPersonsClick } from '../../store/lead-news.ts'
import { findEnrollment } from '../../store/enrollments.ts'
import { findLead } from '../../store/leads.ts'
import { clinicTime, type RenderAlert } from './alert-mail.ts'

/** What an alert has to tell of its lead, as of now; null when that came to nothing, or the lead was erased. */
export async function leadNews(ctx: Context, alert: Alert): Promise<LeadNews | null> {
  const { kind } = alert
  if (kind === 'fresh-lead' || kind === 'call-me') {
    const found = alert.captureId === null ? null : await findCapture(ctx.db, alert.captureId)
    if (!found?.capture.leadId) return null
    const at = kind === 'call-me' ? alert.createdAt : found.capture.receivedAt
    return tell(ctx, { kind, leadId: found.capture.leadId, captureId: found.capture.id, at })
  }
  if (kind !== 'unbooked-click' && kind !== 'finished') return null
  const enrollment = alert.enrollmentId === null ? null : await findEnrollment(ctx.db, alert.enrollmentId)
  if (!enrollment || (await hasBookedSince(ctx.db, enrollment.leadId, enrollment.startedAt))) return null
  const { leadId } = enrollment
  const at = kind === 'finished' ? enrollment.endedAt : await findPersonsClick(ctx.db, enrollment.id)
  if (at === null || (kind === 'finished' && enrollment.status !== 'finished')) return null
  const captureId = await latestCaptureId(ctx.db, leadId)
  return captureId === null ? null : tell(ctx, { kind, leadId, captureId, at })
}

async function tell(
  ctx: Context,
  { kind, leadId, captureId, at }: Pick<LeadNews, 'kind'> & { leadId: string; captureId: string; at: Date },
): Promise<LeadNews | null> {
  const [lead, found] = [await findLead(ctx.db, leadId), await findCapture(ctx.db, captureId)]
  if (!lead?.email || !found?.capture.fields) return null
  return {
    kind,
    // What is known of the lead, which may be more than the newest form asked for.
    name: [lead.firstName, lead.lastName].filter(Boolean).join(' ') || null,
    email: lead.email,
    phone: lead.phone,
    source: found.source.name,
    message: found.capture.fields.message,
    receivedAt: clinicTime(ctx, at),
    markBookedUrl: ctx.links.markBooked(lead.id),
  }
}

/** A mail of its own about one lead. */
export const leadMail: RenderAlert = async (ctx, alert) => {
  const news = await leadNews(ctx, alert)
  return news && ctx.renderer.freshLeadAlert({ ...news, brand: ctx.config.brand })
}
