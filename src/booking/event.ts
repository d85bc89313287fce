import { Problem } from '../core/problem.ts'
import { instant, oneLine } from '../capture/text.ts'

const fault = (field: string, message: string) =>
  new Problem('unmappable', 'The booking event cannot be read.', [{ field, message }])

/** A number too large to be read digit by digit could be another booking's id. */
const lostDigits = (value: unknown) => typeof value === 'number' && !Number.isSafeInteger(value)

/** An id that must be there; longer than any real one is refused, because a cut id could be another booking's. */
export function idOf(value: string | number, field: string): string {
  if (lostDigits(value)) throw fault(field, 'is a number too large to be exact: send it as text')
  const id = oneLine(String(value), 1001)
  if (id === '' || id.length > 1000) throw fault(field, 'is no usable id')
  return id
}

/** An id that may stand in the address of a question to the tool: nothing in it can lead elsewhere. */
export function askableId(value: unknown, field: string): string {
  if (lostDigits(value)) throw fault(field, 'is a number too large to be exact')
  const id = typeof value === 'number' ? String(value) : value
  if (typeof id !== 'string' || !/^[\w-]{1,200}$/.test(id)) throw fault(field, 'is no usable id')
  return id
}

/** A time as an ISO 8601 instant in UTC. Named by a field it must be there, else it may be absent. */
export function when(value: unknown, field: string): string
export function when(value: unknown): string | null
export function when(value: unknown, field?: string): string | null {
  const time = instant(value)
  if (time === null && field !== undefined) throw fault(field, 'is no ISO 8601 time with a zone')
  return time
}

/** The first of several places where our booking link's token may have come back; only visible ASCII can be one. */
export function tokenOf(...places: readonly unknown[]): string | null {
  for (const place of places) {
    const text = typeof place === 'string' ? place.trim() : ''
    if (/^[\x21-\x7e]{1,1000}$/.test(text)) return text
  }
  return null
}
