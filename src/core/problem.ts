/** What can be wrong, in words a machine can branch on. Each edge maps a code to its own kind of answer, once. */
const problemCodes = [
  'malformed',
  'invalid',
  'unmappable',
  'unauthorized',
  'stale',
  'forbidden',
  'not-found',
  'wrong-method',
  'too-large',
  'unsupported',
  'conflict',
  'too-many',
  'busy',
  'config',
] as const
export type ProblemCode = (typeof problemCodes)[number]

/** One thing that is wrong with one field: a dotted path or a form field's name, and a sentence for a person. */
export type FieldError = { field: string; message: string }

/**
 * The project's only error type: something a caller did that a caller can mend.
 * `detail` says what was wrong and what to do, and never repeats personal data.
 */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly fields: readonly FieldError[]

  /** When it is of use to try again, where that is known. */
  readonly retryAfterSeconds: number | null

  constructor(
    code: ProblemCode,
    detail: string,
    fields: readonly FieldError[] = [],
    retryAfterSeconds: number | null = null,
  ) {
    super(detail)
    this.name = 'Problem'
    this.code = code
    this.fields = fields
    this.retryAfterSeconds = retryAfterSeconds
  }
}
