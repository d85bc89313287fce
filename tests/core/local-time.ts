/** Wall clocks of the world by way of Intl alone: it shares no code with the schedule it checks. */
export type Wall = { year: number; month: number; day: number; hour: number; minute: number; second: number }

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (!format) {
    const digits = 'numeric'
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: digits,
      month: digits,
      day: digits,
      hour: digits,
      minute: digits,
      second: digits,
    })
    formats.set(zone, format)
  }
  return format
}

/** What a clock on the wall shows at `instant` (ms). */
export function wallAt(instant: number, zone: string): Wall {
  const parts: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(instant)) parts[type] = Number(value)
  const { year, month, day, hour, minute, second } = parts as Wall
  return { year, month, day, hour, minute, second }
}

/** The wall's reading as if it were UTC (ms): differences of two of these are differences on the wall. */
export const asUtc = ({ year, month, day, hour, minute, second }: Wall): number =>
  Date.UTC(year, month - 1, day, hour, minute, second)

/** How far the wall is ahead of UTC at `instant`, in ms. */
export const offsetAt = (instant: number, zone: string): number =>
  asUtc(wallAt(instant, zone)) - Math.floor(instant / 1_000) * 1_000

const day = 86_400_000

/**
 * The instant at which the wall shows `wall` (given as UTC, ms): the first of two, and for a reading that is skipped
 * the one that comes out of the offset before the skip.
 */
export function instantOf(wall: number, zone: string): number {
  const before = offsetAt(wall - day, zone)
  const after = offsetAt(wall + day, zone)
  const fits = [before, after]
    .map((offset) => wall - offset)
    .filter((instant) => offsetAt(instant, zone) === wall - instant)
  return fits.length > 0 ? Math.min(...fits) : wall - before
}

/** Looking for changes is dear, and one and the same days are looked at again and again. */
const known = new Map<string, number[]>()

/** Instants (ms) between `from` and `to` at which the zone's offset changes. */
export function transitions(zone: string, from: number, to: number): readonly number[] {
  const key = `${zone} ${from} ${to}`
  const found = known.get(key) ?? findTransitions(zone, from, to)
  known.set(key, found)
  return found
}

function findTransitions(zone: string, from: number, to: number): number[] {
  const found: number[] = []
  for (let at = from; at < to; at += 7 * day) {
    let low = at
    let high = Math.min(at + 7 * day, to)
    const before = offsetAt(low, zone)
    if (before === offsetAt(high, zone)) continue
    while (high - low > 1_000) {
      const middle = Math.floor((low + high) / 2_000) * 1_000
      if (offsetAt(middle, zone) === before) low = middle
      else high = middle
    }
    found.push(high)
  }
  return found
}
