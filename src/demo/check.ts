import type { CastMember } from './cast.ts'

/** What was seen of one lead: when its mails were accepted, and how its enrollment ended. */
export type Seen = { acceptedAt: readonly Date[]; ended: string; timeZone: string }

/** Every way in which what was seen differs from what was expected; empty when nothing does. */
export function differences(member: CastMember, seen: Seen): string[] {
  const mails = seen.acceptedAt.map((at) => localStamp(at, seen.timeZone))
  const found: string[] = []
  const count = Math.max(mails.length, member.expected.mails.length)
  for (let index = 0; index < count; index++) {
    const [expected = 'no mail', got = 'no mail'] = [member.expected.mails[index], mails[index]]
    if (expected !== got)
      found.push(`${member.firstName}, mail ${index + 1}: expected ${expected}, got ${got}`)
  }
  if (seen.ended !== member.expected.ended)
    found.push(`${member.firstName}: expected to end as "${member.expected.ended}", ended as "${seen.ended}"`)
  return found
}

/** "Mon 2026-03-09 08:00" in that zone, by the platform's own calendar. */
function localStamp(at: Date, timeZone: string): string {
  const weekday = at.toLocaleString('en-US', { timeZone, weekday: 'short' })
  return `${weekday} ${at.toLocaleString('sv-SE', { timeZone }).slice(0, 16)}`
}
