import type { MiddlewareHandler } from 'hono'
import { validator } from 'hono/validator'
import { z } from 'zod'
import { isStorable, oneLine } from '../../capture/text.ts'
import { Problem } from '../../core/problem.ts'

/** One line that a person typed, clean enough to store and to show. */
export const line = (most: number) =>
  z
    .string('is missing')
    .max(most, `has at most ${most} characters`)
    .transform((value) => oneLine(value, most))

function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value)
  const faults = parsed.success ? unstorable(parsed.data) : parsed.error.issues
  if (parsed.success && faults.length === 0) return parsed.data
  throw new Problem(
    'invalid',
    'Some of it cannot be taken as it is.',
    faults.map(({ path, message }) => ({ field: path.join('.') || 'body', message })),
  )
}

type Fault = { path: PropertyKey[]; message: string }

/** Every text of what a schema let through that PostgreSQL cannot hold. */
function unstorable(value: unknown, path: PropertyKey[] = []): Fault[] {
  if (typeof value === 'string')
    return isStorable(value) ? [] : [{ path, message: 'holds a character that cannot be stored' }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, one]) =>
    isStorable(key)
      ? unstorable(one, [...path, key])
      : [{ path, message: 'has a name that cannot be stored' }],
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

/** Answers that nothing is there where the path holds what no name and no id does. */
export const plainPath: MiddlewareHandler = async (c, next) => {
  if (!isStorable(c.req.path)) throw new Problem('not-found', 'Nothing is here. Check the address.')
  await next()
}
