import type { ImportedConsent } from '../core/consent.ts'
import { Problem } from '../core/problem.ts'
import type { SubmittedField } from '../core/submission.ts'
import { mappableFields } from './field-names.ts'
import { submittedFields } from './fields.ts'
import { guessMapping } from './guess-mapping.ts'
import type { FieldMapping } from './map-fields.ts'
import { oneLine } from './text.ts'
import { localMoment } from './values/local-moment.ts'

/** One line of a list of leads, under the names of its columns. */
export type ListRow = Readonly<Record<string, string>>

/**
 * What each column of a list is taken for. `proof`: the one that says how a person agreed to mail. `agreedAt`: the one
 * that says when, where the proof does not say it itself.
 */
export type ListColumns = { proof: string | null; agreedAt: string | null; mapping: FieldMapping }

/** What a column can be taken for. */
const listTargets = [...mappableFields, 'proof', 'agreedAt'] as const
type ListTarget = (typeof listTargets)[number]

/** Names that such columns go by, in letters and digits alone, the likeliest first. */
const dateNames =
  `consentdate consenttime consentgivenat consentedat optindate optintime optedinat confirmtime
  subscribedat signedupat signupdate`.split(/\s+/)
const proofNames = ['proof', 'consentproof', 'proofofconsent', 'consentsource', 'optinproof', 'optinsource']

const bare = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')

/**
 * What the columns are taken for: as `given`, in pairs such as `email=Address` or `phone=none`, and guessed as a form's
 * fields are where nothing is given.
 * Throws Problem `config` for a pair that cannot be used, and `unmappable` when no column is an address.
 */
export function readColumns(names: readonly string[], given: readonly string[]): ListColumns {
  const said = new Map(given.map((pair) => parsePair(pair, names)))
  const find = (wanted: readonly string[]) =>
    wanted.map((name) => names.find((column) => bare(column) === name)).find((name) => name !== undefined)
  const agreedAt = said.has('agreedAt') ? said.get('agreedAt')! : (find(dateNames) ?? null)
  // Many a list has only the day: it is what there is of a proof, too.
  const proof = said.has('proof') ? said.get('proof')! : (find(proofNames) ?? agreedAt)
  const left = names.filter((name) => name !== proof && name !== agreedAt)
  const guessed = guessMapping({ fields: left.map((name) => ({ key: name, value: '' })) })
  // All of it is said, so that every line is read alike: what no column was taken for, no line has.
  const mapping = Object.fromEntries(
    mappableFields.map((target) => [
      target,
      said.has(target) ? said.get(target)! : (guessed[target] ?? null),
    ]),
  ) as FieldMapping
  if (!mapping.email)
    throw new Problem(
      'unmappable',
      `No column is an address. Say which: --map email=<column>. There are: ${names.join(', ')}.`,
    )
  return { proof, agreedAt, mapping }
}

/**
 * The fields of one line, as a form would have sent them, and the consent that it proves: null where it does not say
 * how and on which day before `now`. A time without a zone is in `timeZone`.
 */
export function readRow(
  row: ListRow,
  { proof, agreedAt }: ListColumns,
  { now, timeZone }: { now: Date; timeZone: string },
): { fields: SubmittedField[]; consent: ImportedConsent | null } {
  const fields = submittedFields(
    Object.entries(row)
      .filter(([name]) => name !== proof && name !== agreedAt)
      .map(([key, value]) => ({ key, value: value.replace(guard, '') })),
  )
  const text = oneLine(row[proof ?? ''] ?? '', 500)
  const day = row[agreedAt ?? '']?.trim() || (dayIn.exec(text)?.[0] ?? '')
  const givenAt = localMoment(day, '', timeZone)
  return { fields, consent: text !== '' && givenAt && givenAt <= now ? { givenAt, proof: text } : null }
}

/** A day in the midst of words. */
const dayIn = /\d{4}-\d\d?-\d\d?(?:[T ]\d\d:\d\d[\d:.]*(?:Z|[+-]\d\d:?\d\d)?)?|\d\d?\/\d\d?\/\d{4}/

/** What a careful export puts before a value that a spreadsheet would take for a formula. */
const guard = /^'(?=[=+\-@\t\r])/

function parsePair(pair: string, names: readonly string[]): [ListTarget, string | null] {
  const [target = '', ...rest] = pair.split('=')
  const name = rest.join('=').trim()
  if (!(listTargets as readonly string[]).includes(target) || name === '')
    throw new Problem(
      'config',
      `--map ${pair}: expected <what>=<column>, with one of ${listTargets.join(', ')}.`,
    )
  if (name === 'none') return [target as ListTarget, null]
  const column = names.find((one) => one === name) ?? names.find((one) => bare(one) === bare(name))
  if (column === undefined)
    throw new Problem('config', `--map ${pair}: there is no such column. There are: ${names.join(', ')}.`)
  return [target as ListTarget, column]
}
