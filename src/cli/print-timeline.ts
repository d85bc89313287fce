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
  for (const { step, at, discount } of timeline.clicks)
    lines.push({
      at,
      text: `clicked the booking button of ${step}${discount ? ` (${discount}: a program)` : ''}`,
    })
  for (const { step, receivedAt, answeredAt, leadId } of timeline.replies) {
    const what = leadId === null ? 'wrote, or somebody with their address' : `answered ${step ?? 'a mail'}`
    lines.push({ at: receivedAt, text: `${what}${answeredAt ? '' : ' (waits for an answer)'}` })
  }
  for (const booking of timeline.bookings) {
    const { tool, status, occurredAt } = booking
    lines.push({ at: occurredAt, text: `${status} (${tool})${credit(timeline, booking)}` })
  }
  for (const { endedAt, status, stopReason } of timeline.enrollments)
    if (endedAt) lines.push({ at: endedAt, text: stopReason ? `${status}: ${stopReason}` : status })
  lines.sort((a, b) => a.at.getTime() - b.at.getTime())
  return lines.map(({ at, text }) => `${localTime(at, timeZone).padEnd(30)} ${text}`)
}

/** What a booking is credited to: the mail last clicked before it, else the one last received; and where it all began. */
function credit({ deliveries }: Timeline, booking: Timeline['bookings'][number]): string {
  const stepOf = (id: string | null) => deliveries.find((one) => one.id === id)?.step
  const [clicked, received] = [booking.clickedDeliveryId, booking.receivedDeliveryId].map(stepOf)
  const mail = clicked ? `${clicked}, clicked` : received ? `${received}, received` : 'no mail'
  const since = clicked && received && received !== clicked ? `; last received ${received}` : ''
  const source = booking.firstSource ? `; first came from ${booking.firstSource}` : ''
  return `: credited to ${mail}${since}${source}`
}
