import { type AnyColumn, type SQL, sql } from 'drizzle-orm'

/** What can stand before an address that is one of its own: nothing of an address, or the end of an escape. */
const before = '(?:^|[^a-z0-9._+%-]|%[0-9a-f]{2}|\\\\\\\\[nrtbf]|\\\\\\\\u[0-9a-f]{4})'
const after = '\\.?(?:[^a-z0-9.-]|$)'

/** True where bytes hold this text as a whole: to erase ann@x.example must leave what joann@x.example sent. */
export function bytesHolding(column: AnyColumn, text: string): SQL {
  const whole = `${before}${text.replace(/[^a-z0-9]/gi, '\\$&')}${after}`
  return sql`(position(convert_to(${text}, 'UTF8') in ${column}) > 0 and encode(${column}, 'escape') ~* ${whole})`
}
