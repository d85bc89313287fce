import type { SubmittedField } from '../core/submission.ts'

type Fields = readonly SubmittedField[]

/** A field that no person sees, so that only a program fills it in. */
const honeypotKey = 'website'

/** The field in which a form sends back when it was opened. */
const startedKey = 'started_at'

/** Whether the field that no person sees was filled in. */
export function hasFilledHoneypot(fields: Fields): boolean {
  return fields.some(({ key, value }) => key === honeypotKey && String(value).trim() !== '')
}

/** What a form says of when it was opened, as it stands there; null when it says nothing. */
export function startStamp(fields: Fields): string | null {
  const field = fields.find(({ key }) => key === startedKey)
  return field ? String(field.value) : null
}
