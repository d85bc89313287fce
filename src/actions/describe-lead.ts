import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { type LeadFile, readLeadFile } from '../store/lead-file.ts'
import { findLead, type Lead } from '../store/leads.ts'
import { readSuppressions } from '../store/suppressions.ts'
import { zoneOf } from './zone-of.ts'

type Delivery = LeadFile['deliveries'][number]

/** One thing that happened to a lead. */
type TimelineEntry = { at: Date } & (
  | {
      kind: 'capture'
      id: string
      source: string
      status: string
      outcome: string | null
      message: string | null
    }
  | {
      kind: 'consent'
      basis: string
      proof: string | null
      textVersion: string | null
      pageUrl: string | null
    }
  | { kind: 'enrolled'; sequence: string; source: string }
  | {
      kind: 'mail'
      id: string
      step: string
      status: Delivery['status']
      reason: string | null
      /** It is kept word for word. */
      kept: boolean
    }
  | { kind: 'event'; provider: string; type: string; status: string; reason: string | null }
  | { kind: 'click'; step: string; discount: string | null }
  | { kind: 'reply'; subject: string | null; text: string | null }
  | { kind: 'booking'; tool: string; status: string; startsAt: Date | null; matchedBy: string | null }
  | { kind: 'end'; sequence: string; status: string; reason: string | null }
  | { kind: 'staff'; actor: string; action: string }
  | { kind: 'suppressed'; reason: string }
  | { kind: 'reopened' }
)

/** A mail that is still to go out, or that waits for a person. */
type NextMail = Pick<Delivery, 'id' | 'step' | 'status' | 'dueAt' | 'windowClosesAt' | 'reason'>

export type LeadView = {
  lead: Omit<Lead, 'emailKey' | 'foldedKey'>
  /** The zone in which its windows are reckoned: its own, or the clinic's where nobody knows that one. */
  timeZone: string
  sequence: string | null
  status: LeadFile['enrollments'][number]['status'] | null
  stopReason: LeadFile['enrollments'][number]['stopReason'] | null
  suppressed: { reason: string; since: Date } | null
  /** How the lead wants its mails: half as often, or none before a moment. */
  pace: { slow: boolean; pausedUntil: Date | null }
  next: NextMail[]
  /** Newest first. */
  timeline: TimelineEntry[]
}

const ahead: readonly Delivery['status'][] = ['waiting', 'sealed', 'failed', 'parked']

/** A lead with all that happened to it and what comes next. Throws Problem `not-found` when there is none. */
export async function describeLead(ctx: Context, leadId: string): Promise<LeadView> {
  const found = await findLead(ctx.db, leadId)
  if (!found) throw new Problem('not-found', 'There is no such lead.')
  const { emailKey: _, foldedKey, ...lead } = found
  const file = await readLeadFile(ctx.db, leadId)
  const hashes = foldedKey === null ? [] : ctx.suppression.lookups(foldedKey)
  const [suppressed] = hashes.length === 0 ? [] : await readSuppressions(ctx.db, hashes)
  const newest = file.enrollments.at(-1)
  const running = new Set(file.enrollments.filter(({ endedAt }) => endedAt === null).map(({ id }) => id))
  return {
    lead,
    timeZone: zoneOf(ctx, lead),
    sequence: newest?.sequence ?? null,
    status: newest?.status ?? null,
    stopReason: newest?.stopReason ?? null,
    suppressed: suppressed ? { reason: suppressed.reason, since: suppressed.since } : null,
    pace: { slow: newest?.slow ?? false, pausedUntil: newest?.pausedUntil ?? null },
    next: file.deliveries
      .filter(({ status, enrollmentId }) => ahead.includes(status) && running.has(enrollmentId))
      .map(({ id, step, status, dueAt, windowClosesAt, reason }) => ({
        id,
        step,
        status,
        dueAt,
        windowClosesAt,
        reason,
      }))
      .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime()),
    timeline: [
      ...entriesOf(file),
      ...(suppressed
        ? [{ at: suppressed.since, kind: 'suppressed' as const, reason: suppressed.reason }]
        : []),
      ...(lead.reopenedAt ? [{ at: lead.reopenedAt, kind: 'reopened' as const }] : []),
    ]
      // What came at one moment came in the order above.
      .reverse()
      .sort((a, b) => b.at.getTime() - a.at.getTime()),
  }
}

function entriesOf(file: LeadFile): TimelineEntry[] {
  return [
    ...file.captures.map(({ id, receivedAt, source, status, outcome, fields }) => ({
      at: receivedAt,
      kind: 'capture' as const,
      id,
      source,
      status,
      outcome,
      message: fields?.message ?? null,
    })),
    ...file.consents.map(({ givenAt, basis, proof, textVersion, pageUrl }) => ({
      at: givenAt,
      kind: 'consent' as const,
      basis,
      proof,
      textVersion,
      pageUrl,
    })),
    ...file.enrollments.flatMap(({ sequence, source, startedAt, endedAt, status, stopReason }) => [
      { at: startedAt, kind: 'enrolled' as const, sequence, source },
      ...(endedAt ? [{ at: endedAt, kind: 'end' as const, sequence, status, reason: stopReason }] : []),
    ]),
    ...file.deliveries
      .filter(({ status, acceptedAt }) => acceptedAt !== null || !ahead.includes(status))
      .map(({ id, step, status, reason, kept, acceptedAt, dueAt }) => ({
        at: acceptedAt ?? dueAt,
        kind: 'mail' as const,
        id,
        step,
        status,
        reason,
        kept,
      })),
    ...file.events.map(({ receivedAt, provider, body, status, reason }) => ({
      at: receivedAt,
      kind: 'event' as const,
      provider,
      type: typeOf(body),
      status,
      reason,
    })),
    ...file.clicks.map(({ at, step, discount }) => ({ at, kind: 'click' as const, step, discount })),
    ...file.replies.map(({ receivedAt, subject, text }) => ({
      at: receivedAt,
      kind: 'reply' as const,
      subject,
      text,
    })),
    ...file.bookings.map(({ occurredAt, tool, status, startsAt, matchedBy }) => ({
      at: occurredAt,
      kind: 'booking' as const,
      tool,
      status,
      startsAt,
      matchedBy,
    })),
    ...file.audit.map(({ at, actor, action }) => ({ at, kind: 'staff' as const, actor, action })),
  ]
}

/** What an event calls itself: the one word of its body that is not about a person. */
function typeOf(body: Buffer | null): string {
  if (body === null) return 'erased'
  try {
    const parsed = JSON.parse(body.toString('utf8')) as Record<string, unknown> | null
    const named = parsed?.type ?? parsed?.event ?? parsed?.triggerEvent
    if (typeof named === 'string' && /^[\w.-]{1,60}$/.test(named)) return named
  } catch {
    // A tool may speak in forms.
  }
  return 'event'
}
