import type { SubmittedField } from '../core/submission.ts'

type Fields = readonly SubmittedField[]

/** A field that no person sees, so that only a program fills it in. */
const honeypotKey = 'website'

/** The field in which a form sends back when it was opened. */
export const startedKey = 'started_at'

/** Whether the field that no person sees was filled in. */
export function hasFilledHoneypot(fields: Fields): boolean {
  return fields.some(({ key, value }) => key === honeypotKey && String(value).trim() !== '')
}

/** What one field of a form says, as it stands there; null when there is none. */
export function fieldText(fields: Fields, name: string): string | null {
  const field = fields.find(({ key }) => key === name)
  return field ? String(field.value) : null
}
