import { ApiError } from '../api.ts'

/** What the server said against each field, for the `error` of its input; nothing while there was no such error. */
export function fieldErrors(error: Error | null): Record<string, string> {
  if (!(error instanceof ApiError)) return {}
  return Object.fromEntries(error.fields.map(({ field, message }) => [field, message]))
}
