import type { Timeline } from '../store/timeline.ts'
import { localTime } from './local-time.ts'

/** A lead's story, a line each, in the lead's own time. */
export function timelineLines(timeline: Timeline, timeZone: string): string[] {
  const lines: { at: Date; text: string }[] = []
  // One without an outcome was parked and replayed: its successor tells the story.
  for (const { at, source, outcome } of timeline.captures)
    if (outcome) lines.push({ at, text: `captured from ${source}: ${outcome}` })
  for (const { at, basis, proof } of timeline.consents)
    lines.push({ at, text: `consent: ${basis}${proof ? `, ${proof}` : ''}` })
  for (const { step, status, acceptedAt, dueAt, reason } of timeline.deliveries)
    lines.push({ at: acceptedAt ?? dueAt, text: `${step} ${status}${reason ? ` (${reason})` : ''}` })
  for (const { tool, status, occurredAt } of timeline.bookings)
    lines.push({ at: occurredAt, text: `${status} (${tool})` })
  for (const { endedAt, status, stopReason } of timeline.enrollments)
    if (endedAt) lines.push({ at: endedAt, text: stopReason ? `${status}: ${stopReason}` : status })
  lines.sort((a, b) => a.at.getTime() - b.at.getTime())
  return lines.map(({ at, text }) => `${localTime(at, timeZone).padEnd(30)} ${text}`)
}
