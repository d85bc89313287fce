import { oneLine } from '../text.ts'

const markup = /<(script|style)\b[\s\S]*?<\/\1\s*>|<[^<>]*>?/gi
const link = /:\/\/|\bwww\.|@/i
/** A host name in one letter case: "evil.com", "EVIL.COM"; "St.James" is a name. */
const host = /[\p{L}\p{N}-]\.(?:\p{Ll}{2,}|\p{Lu}{2,})(?!\p{L})/u
const title = /^(?:mr|mrs|ms|miss|mx|dr|prof)\.?\s+(?=\S)/i

/**
 * A name as it can stand in a mail: no markup, no link that a mail program would make clickable, no control or bidi
 * characters, 80 characters. A name with a link in it is an advertisement, not a name: null.
 */
export function cleanName(text: string): string | null {
  const plain = oneLine(text, 2000).replace(markup, ' ')
  if (link.test(plain) || host.test(plain)) return null
  const name = plain
    .replace(/[^\p{L}\p{M}\p{N}'’.\-·& ]+/gu, ' ')
    // A space after each full stop keeps what is left from ever reading as a host name.
    .replace(/\.(?=\S)/g, '. ')
  return /\p{L}/u.test(name) ? oneLine(name, 80) : null
}

/** Splits a full name at its first space; "Lee, Pat" is turned round, a title in front goes. */
export function splitName(text: string): { first: string | null; last: string | null } {
  const [before = '', after] = text.split(',', 2)
  const turned = after === undefined || /^\s*(?:jr|sr|ii|iii|iv|m\.?d|ph\.?d|d\.?p\.?t)\b/i.test(after)
  const name = cleanName(turned ? before : `${after} ${before}`)?.replace(title, '')
  if (!name) return { first: null, last: null }
  const space = name.indexOf(' ')
  return space < 0
    ? { first: name, last: null }
    : { first: name.slice(0, space), last: name.slice(space + 1) }
}
