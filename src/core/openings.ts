import { Temporal } from 'temporal-polyfill'
import type { Window } from './sequence.ts'

/** A stretch of real time, in ms since 1970; `closes` is outside. */
export type Opening = { opens: number; closes: number }

/** No zone is further from UTC than this, and no day so long that a change of the clocks beside it is missed. */
const marginMs = 36 * 3_600_000
const dayMs = 24 * 3_600_000

/**
 * When a window's hours are on a day of that zone, by the clock on the wall and in their order. Mostly one stretch. Where
 * the clocks change within the hours it is none, when they skip all of them, or two, when they repeat some.
 */
export function openingsOf(
  date: Temporal.PlainDate,
  { from, to }: Pick<Window, 'from' | 'to'>,
  timeZone: string,
): Opening[] {
  const midnight = Date.UTC(date.year, date.month - 1, date.day)
  const found: Opening[] = []
  for (const { start, end, offsetMs } of steadySpans(
    midnight - marginMs,
    midnight + dayMs + marginMs,
    timeZone,
  )) {
    const opens = Math.max(start, midnight + msOf(from) - offsetMs)
    const closes = Math.min(end, midnight + msOf(to) - offsetMs)
    if (opens >= closes) continue
    const before = found.at(-1)
    // The clocks change, and it is open on both sides.
    if (before?.closes === opens) before.closes = closes
    else found.push({ opens, closes })
  }
  return found
}

type SteadySpan = { start: number; end: number; offsetMs: number }

/** The parts of a stretch of time in which a zone's clocks do not change. */
function steadySpans(start: number, end: number, timeZone: string): SteadySpan[] {
  let at = zonedAt(start, timeZone)
  // To look for changes is dear, and no zone's clocks change there and back within these few days.
  if (offsetMs(at) === offsetMs(zonedAt(end, timeZone))) return [{ start, end, offsetMs: offsetMs(at) }]
  const spans: SteadySpan[] = []
  for (;;) {
    const next = at.getTimeZoneTransition('next')
    const until = Math.min(next?.epochMilliseconds ?? end, end)
    spans.push({ start: at.epochMilliseconds, end: until, offsetMs: offsetMs(at) })
    if (!next || until === end) return spans
    at = next
  }
}

const zonedAt = (ms: number, timeZone: string) =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone)

const offsetMs = (at: Temporal.ZonedDateTime) => at.offsetNanoseconds / 1_000_000

/** Milliseconds from midnight to a time such as `08:30`. */
function msOf(time: Window['from']): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return (hours * 60 + minutes) * 60_000
}
