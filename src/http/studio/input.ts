import { validator } from 'hono/validator'
import { z } from 'zod'
import { oneLine } from '../../capture/text.ts'
import { Problem } from '../../core/problem.ts'

/** One line that a person typed, clean enough to store and to show. */
export const line = (most: number) =>
  z
    .string('is missing')
    .max(most, `has at most ${most} characters`)
    .transform((value) => oneLine(value, most))

function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new Problem(
    'invalid',
    'Some of it cannot be taken as it is.',
    parsed.error.issues.map(({ path, message }) => ({ field: path.join('.') || 'body', message })),
  )
}

/** The JSON body as `schema` has it: `c.req.valid('json')`. Throws Problem `malformed` or `invalid`. */
export const body = <T extends z.ZodType>(schema: T) =>
  validator('json', (value: z.input<T>) => parse(schema, value))

/** The query string as `schema` has it: `c.req.valid('query')`. Throws Problem `invalid`. */
export const query = <T extends z.ZodType>(schema: T) =>
  validator('query', (value: Record<string, string | string[]>) => parse(schema, value))

/** The `:id` of the path: `c.req.valid('param').id`. Throws Problem `not-found` for what is none. */
export const id = validator('param', (value: Record<string, string>) => {
  const parsed = z.uuid().safeParse(value.id)
  if (!parsed.success) throw new Problem('not-found', 'There is nothing under this id.')
  return { id: parsed.data }
})
