/** Zones found so far, by lower-case name: asking Intl costs more than all else in a submission. */
const known = new Map<string, string>()

/** The zone under the name that this machine knows it by, or null: an offset or abbreviation has no daylight saving. */
export function knownTimeZone(text: string): string | null {
  const name = text.trim().toLowerCase()
  if (name !== 'utc' && !/^[a-z_-]+(?:\/[a-z0-9_+-]+)+$/.test(name)) return null
  const seen = known.get(name)
  if (seen !== undefined) return seen
  try {
    const zone = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
    known.set(name, zone)
    return zone
  } catch {
    return null
  }
}
