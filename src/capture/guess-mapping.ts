import type { Submission } from '../core/submission.ts'
import { mappableFields } from './field-names.ts'
import { guessField, namedFields } from './guess.ts'
import type { FieldMapping } from './map-fields.ts'

/** What each field of a submission is taken for when nobody says otherwise, by the fields' own keys. */
export function guessMapping({ fields }: Pick<Submission, 'fields'>): FieldMapping {
  const named = namedFields(fields)
  const guessed = mappableFields.flatMap((target) => {
    const field = guessField(named, target)
    return field ? [[target, field.key] as const] : []
  })
  return Object.fromEntries(guessed)
}
