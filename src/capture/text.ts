/**
 * Text that Postgres can store and React can render: no NUL, no lone surrogate, cut to a length without splitting a
 * character. What cannot stay leaves a mark in its place: an address with a NUL in it must not become another address.
 */
export function storable(text: string, limit: number): string {
  const kept = text.length > limit ? text.slice(0, limit).replace(/[\uD800-\uDBFF]$/, '') : text
  return kept.replaceAll('\0', '\uFFFD').toWellFormed()
}

/** Whether Postgres can store a text as it is. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

/** Words of ASCII with one space between: most of what comes, and clean as it is. */
const plainLine = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/

/** One line for people: control, format and bidi characters gone, white space collapsed, trimmed, cut. */
export function oneLine(text: string, limit: number): string {
  if (plainLine.test(text)) return text.slice(0, limit).trim()
  return storable(text.replaceAll('\0', ' '), 10_000)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .trim()
    .slice(0, limit)
    .replace(/\p{Surrogate}/gu, '')
    .trim()
}

/** Several lines for people: as `oneLine`, but line breaks stay. */
export function manyLines(text: string, limit: number): string {
  return storable(text, limit)
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{C}\n\t]/gu, '')
    .trim()
}

/** An id of someone else's as text, or null when there is none. */
export function idText(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  return oneLine(String(value), 200) || null
}

/** Any time a provider sends, as an ISO 8601 instant in UTC; null unless it names one moment in this era. */
export function instant(value: unknown): string | null {
  const zoned = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/i
  const text = typeof value === 'string' ? value.trim().replace(' ', 'T') : value
  if (typeof text === 'string' ? !zoned.test(text) : typeof text !== 'number') return null
  const time = new Date(text as string | number)
  const year = time.getUTCFullYear()
  return year >= 1970 && year < 2200 ? time.toISOString() : null
}
