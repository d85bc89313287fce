import type { MailProps } from '../../src/core/mail.ts'

/** The fields copy may name, and whether a lead may lack them (then a fallback must be given). */
const mergeFields = {
  firstName: 'fallback needed',
  clinicName: 'always known',
  area: 'always known',
  part: 'always known',
  parts: 'always known',
} as const

/** The names that copy may use in double braces. */
export const mergeFieldNames = Object.keys(mergeFields)

type MergeField = keyof typeof mergeFields
export type MergeValues = Readonly<Record<MergeField, string | null>>

const FIELD = /\{\{\s*([^{}|]*?)\s*(?:\|([^{}]*))?\}\}/g

/** The values of one mail, by the names that copy uses. */
export function mergeValues(mail: Pick<MailProps, 'firstName' | 'brand' | 'part' | 'parts'>): MergeValues {
  const { firstName, brand, part, parts } = mail
  return { firstName, clinicName: brand.clinicName, area: brand.area, part: `${part}`, parts: `${parts}` }
}

/** Puts values in place of `{{firstName|there}}`. A function replaces, so that `$&` in a name stays a name. */
export function fill(text: string, values: MergeValues): string {
  return text.replace(FIELD, (_, name: MergeField, fallback = '') => values[name] ?? fallback.trim())
}

/** Says what is wrong with the merge fields of a text, or null. */
export function mergeProblem(text: string): string | null {
  for (const [whole, name = '', fallback = ''] of text.matchAll(FIELD)) {
    if (!Object.hasOwn(mergeFields, name))
      return `${whole} is not a field we have: use ${Object.keys(mergeFields).join(', ')}`
    if (name === 'firstName' && fallback.trim() === '')
      return `${whole} needs a fallback, as in {{firstName|there}}`
  }
  return /\{\{|\}\}/.test(text.replace(FIELD, '')) ? 'a merge field is not closed' : null
}
