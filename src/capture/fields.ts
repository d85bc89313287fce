import type { SubmittedField } from '../core/submission.ts'
import { Problem } from '../core/problem.ts'
import { storable } from './text.ts'

/** A field as a provider has it: the value may still be of any type. */
export type RawField = { key: string; label?: unknown; type?: unknown; value: unknown }

const most = { fields: 200, value: 10_000, key: 200, label: 500, items: 100 }

/** Whether a JSON value is an object with keys. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function scalar(value: unknown): string | null {
  if (typeof value === 'string') return storable(value, most.value)
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
}

function valueOf(value: unknown): SubmittedField['value'] | null {
  if (typeof value === 'boolean') return value
  if (!Array.isArray(value)) return scalar(value)
  let room = most.value
  const items: string[] = []
  for (const item of value.slice(0, most.items)) {
    const text = scalar(item)?.slice(0, room)
    if (text === undefined) continue
    room -= text.length
    items.push(storable(text, most.value))
  }
  return items
}

function named(name: 'label' | 'type', text: unknown): { label?: string; type?: string } {
  const clean = typeof text === 'string' ? storable(text, most.label).trim() : ''
  return clean === '' ? {} : { [name]: clean }
}

/** Takes what a submission can hold: at most 200 fields, storable text, no value of unknown kind. Null is absent. */
export function submittedFields(raw: Iterable<RawField>): SubmittedField[] {
  const fields: SubmittedField[] = []
  for (const field of raw) {
    if (fields.length === most.fields) break
    const key = storable(field.key, most.key).trim()
    const value = valueOf(field.value)
    if (key === '' || value === null) continue
    fields.push({ key, ...named('label', field.label), ...named('type', field.type), value })
  }
  return fields
}

/** The fields of a JSON object, flat or with objects one level down, whose keys join with a dot. */
export function flatFields(object: Readonly<Record<string, unknown>>): RawField[] {
  return Object.entries(object).flatMap(([key, value]) =>
    isRecord(value)
      ? Object.entries(value).map(([inner, one]) => ({ key: `${key}.${inner}`, value: one }))
      : [{ key, value }],
  )
}

/** The fields of a form: a repeated name, or one that ends in `[]`, holds a list. */
export function formFields(pairs: Iterable<readonly [string, string]>): RawField[] {
  const byName = new Map<string, { many: boolean; values: string[] }>()
  for (const [name, value] of pairs) {
    const key = name.replace(/\[\]$/, '')
    const seen = byName.get(key) ?? { many: key !== name, values: [] }
    seen.values.push(value)
    byName.set(key, seen)
  }
  return [...byName].map(([key, { many, values }]) => ({
    key,
    value: many || values.length > 1 ? values : values[0],
  }))
}

/** The value of one field of a form or flat object as read, for ids that travel among the answers. */
export function valueFor(fields: readonly RawField[], ...keys: readonly string[]): unknown {
  for (const key of keys) {
    const found = fields.find((field) => field.key === key && field.value !== '' && field.value !== null)
    if (found) return found.value
  }
  return undefined
}

/** Refuses a submission without one readable field: it is no form's. */
export function requireFields(fields: readonly SubmittedField[], where: string): readonly SubmittedField[] {
  if (fields.length > 0) return fields
  throw new Problem('unmappable', 'The body has no form fields.', [
    { field: where, message: 'has no fields' },
  ])
}
