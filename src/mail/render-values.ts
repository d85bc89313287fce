import type { MailProps } from '../core/mail.ts'

/** What belongs to one lead. All else in a mail is the same for everyone and can be compiled. */
export const leadFields = ['firstName', 'bookingUrl', 'unsubscribeUrl', 'callMeUrl', 'confirmUrl'] as const
export type LeadField = (typeof leadFields)[number]

const NAME_MAX = 80
/** Zero-width marks and direction overrides; the joiners that emoji and some scripts need stay. */
const INVISIBLE = /[\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u00ad\ufff9-\ufffb]/gu

/** One line of well-formed text, or null. Without this, React and a plain join would differ on odd values. */
function cleanLine(value: string | null | undefined, max: number): string | null {
  const line = (value ?? '')
    .replace(/\p{Cs}/gu, '')
    .replace(/\p{Cc}/gu, ' ')
    .replace(INVISIBLE, '')
    .replace(/\s+/gu, ' ')
    .trim()
  // Joiners and combining marks alone would greet nobody.
  if (!/[^\p{M}\p{Cf}\s]/u.test(line)) return null
  return Array.from(line).slice(0, max).join('').trim()
}

/** What most names are, with nothing to clean: looking closer at each would be a good part of what a mail costs. */
const PLAIN_NAME = /^[A-Za-z]+(?:[ '-][A-Za-z]+)*$/

/** A first name fit for a greeting; a web address in its place is abuse of the form, and greets nobody. */
export function cleanName(value: string | null): string | null {
  if (value !== null && value.length <= NAME_MAX && PLAIN_NAME.test(value)) return value
  const name = cleanLine(value, NAME_MAX)
  return name === null || /:\/\/|www\.|@/i.test(name) ? null : name
}

const ANY_URL = /^(https?|mailto|tel):[^\s\p{Cc}\p{Cs}]+$/iu
/** The same in ASCII, as ours all are, and found out sooner. */
const PLAIN_URL = /^https?:[!-~]+$/

/** Lets through only links that a mail may hold: React blocks `javascript:`, a plain join would not. */
function safeUrl(value: string, field: string): string {
  if (!(PLAIN_URL.test(value) || ANY_URL.test(value)) || !URL.canParse(value)) {
    // The value may be signed: it stays out of the message.
    throw new Error(`${field} is not a link that a mail may hold`)
  }
  return value
}

/** One value, cleaned. Throws if it is a link that is not fit for a mail. */
export function cleanValue(props: MailProps, field: LeadField): string | null {
  return field === 'firstName' ? cleanName(props.firstName) : safeUrl(props[field], field)
}

/** Cleans all of a mail's values. */
export function cleanProps(props: MailProps): MailProps {
  const values = Object.fromEntries(leadFields.map((field) => [field, cleanValue(props, field)]))
  return { ...props, ...(values as Pick<MailProps, LeadField>) }
}
