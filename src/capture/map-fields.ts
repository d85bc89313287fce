import type { LeadFields, Submission, SubmittedField } from '../core/submission.ts'
import { Problem } from '../core/problem.ts'
import type { MappableField } from './field-names.ts'
import { guessField, namedFields } from './guess.ts'
import { manyLines, oneLine, storable } from './text.ts'
import { consentOf } from './values/consent.ts'
import { normaliseEmail } from './values/email.ts'
import { cleanName, splitName } from './values/name.ts'
import { normalisePhone } from './values/phone.ts'
import type { CountryCode } from './values/phone.ts'
import { knownTimeZone } from './values/time-zone.ts'

/** Which field holds what, by key or label. A name left out is guessed; null says that the form has none. */
export type FieldMapping = Partial<Record<MappableField, string | null>>

const utmKey = /^utm[ _-]?(source|medium|campaign|content|term|id)$/i

const textOf = (field: SubmittedField | null): string =>
  field === null ? '' : Array.isArray(field.value) ? field.value.join(', ') : String(field.value)

/** The field with this key, else this label; letter case only decides between equals. */
export function fieldOf(fields: readonly SubmittedField[], name: string): SubmittedField | null {
  const same = (text: string | undefined) => text?.trim().toLowerCase() === name.trim().toLowerCase()
  return (
    fields.find((field) => field.key === name) ??
    fields.find((field) => same(field.key)) ??
    fields.find((field) => same(field.label)) ??
    null
  )
}

function emailOf(field: SubmittedField | null, fields: readonly SubmittedField[]): string {
  if (field === null) {
    const seen = fields.slice(0, 50).map(({ key }) => oneLine(key, 60))
    const fault = { field: 'email', message: `No such field among: ${seen.join(', ') || 'none'}` }
    throw new Problem('unmappable', 'No e-mail field was found. Map one of the fields to email.', [fault])
  }
  const given = Array.isArray(field.value) ? (field.value[0] ?? '') : String(field.value)
  const email = normaliseEmail(given)
  if (email !== null) return email
  const message =
    given.trim() === '' ? 'An e-mail address is needed.' : 'This is not a complete e-mail address.'
  throw new Problem('invalid', 'The e-mail address cannot be used.', [
    { field: oneLine(field.key, 200), message },
  ])
}

/** An http(s) address of a page, cut; anything else is of no use as one. */
function pageOf(text: string): string | null {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null
  return url && /^https?:$/.test(url.protocol) ? storable(url.href, 2000) : null
}

function utmOf(fields: readonly SubmittedField[]): Record<string, string> {
  const utm: Record<string, string> = {}
  for (const field of fields) {
    const name = (utmKey.exec(field.key) ?? utmKey.exec(field.label ?? ''))?.[1]?.toLowerCase()
    const value = name && oneLine(textOf(field), 200)
    if (value) utm[`utm_${name}`] ??= value
  }
  return utm
}

/**
 * Turns a submission into what we know of a lead. Throws Problem `unmappable` when there is no e-mail field, and
 * `invalid` when what it holds is no address; every other value that cannot be read is left out.
 */
export function mapFields(
  submission: Pick<Submission, 'fields'>,
  mapping: FieldMapping | null,
  defaultCountry: CountryCode = 'US',
): { lead: LeadFields } {
  const { fields } = submission
  const named = namedFields(fields)
  const find = (target: MappableField): SubmittedField | null => {
    const name = mapping?.[target]
    return name === undefined ? guessField(named, target) : name === null ? null : fieldOf(fields, name)
  }
  const text = (target: MappableField): string => textOf(find(target))

  const email = emailOf(find('email'), fields)
  const full = splitName(text('fullName'))
  const consent = find('consent')
  const postalCode = oneLine(text('postalCode'), 20).toUpperCase()
  return {
    lead: {
      email,
      firstName: cleanName(text('firstName')) ?? full.first,
      lastName: cleanName(text('lastName')) ?? full.last,
      phone: normalisePhone(text('phone'), defaultCountry),
      postalCode: /^[A-Z0-9][A-Z0-9 -]*$/.test(postalCode) ? postalCode : null,
      country: oneLine(text('country'), 100) || null,
      timeZone: knownTimeZone(text('timeZone')),
      message: manyLines(text('message'), 10_000) || null,
      // An unticked box is not sent at all: where the mapping says there is one, its absence is a no.
      consent: consent ? consentOf(consent) : mapping?.consent ? false : null,
      consentTextVersion: oneLine(text('consentTextVersion'), 100) || null,
      pageUrl: pageOf(text('pageUrl')),
      referrer: pageOf(text('referrer')),
      utm: utmOf(fields),
    },
  }
}
