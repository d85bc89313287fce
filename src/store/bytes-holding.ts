import { type AnyColumn, or, type SQL, sql } from 'drizzle-orm'

/** What can stand before an address that is one of its own: nothing of an address, or the end of an escape. */
const before = '(?:^|[^a-z0-9._+%-]|%[0-9a-f]{2}|\\\\\\\\[nrtbf]|\\\\\\\\u[0-9a-f]{4})'
const after = '\\.?(?:[^a-z0-9.-]|$)'

/**
 * True where bytes hold one of these texts as a whole, in any letter case, as it is, as a form or as JSON escapes it: to
 * erase ann@x.example must leave what joann@x.example sent. All of it in ASCII, as addresses and numbers are.
 */
export function bytesHolding(column: AnyColumn, texts: readonly string[]): SQL {
  const written = sql`b.written`
  const holds = [...new Set(texts.map((text) => text.toLowerCase()))].map((text) => {
    // No escape stands for letters and digits: most bytes are done with after one look for the longest run of them.
    const run = (text.match(/[a-z0-9]+/g) ?? []).reduce((a, b) => (b.length > a.length ? b : a), '')
    const whole = `${before}${text.replace(/[^a-z0-9]/g, spellings)}${after}`
    return sql`(strpos(${written}, ${run}) > 0 and ${written} ~ ${whole})`
  })
  // Lower case of ASCII alone, and once for all texts: bodies may be large.
  return sql`exists (
    select from (select lower(encode(${column}, 'escape') collate "C") as written offset 0) b where ${or(...holds)})`
}

/** A sign as it is, as a form encodes it, and as JSON may. A backslash stands twice in bytes that are shown as text. */
function spellings(sign: string): string {
  const hex = sign.charCodeAt(0).toString(16)
  return `(?:\\${sign}|%${hex}|\\\\\\\\u00${hex})`
}
