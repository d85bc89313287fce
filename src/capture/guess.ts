import type { SubmittedField } from '../core/submission.ts'
import { onlyTerms, rules } from './field-names.ts'
import type { MappableField, Rule } from './field-names.ts'

/** Names seen lately: a form sends the same ones every time. Emptied when full, since anybody can make up names. */
const seen = new Map<string, string>()
const mostSeen = 2_000

/** A key, label or type in plain words: "q3_emailAddress", "Your email *" and "email-123" all lose what is not name. */
function wordsOf(text: string): string {
  const known = seen.get(text)
  if (known !== undefined) return known
  const words = text
    .slice(0, 200)
    .replace(/^q\d+_/, '')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/^(?:what is|what s|whats|please enter|enter) /, '')
    .replace(/^(?:your|the) /, '')
    .replace(/ (?:required|optional)$/, '')
    .replace(/ \d+$/, '')
  if (seen.size >= mostSeen) seen.clear()
  seen.set(text, words)
  return words
}

/** A field with its names in plain words, worked out once for all the guesses made about one submission. */
type Named = { field: SubmittedField; keys: readonly string[]; label: string; type: string }

/** Reads the names of all fields. */
export function namedFields(fields: readonly SubmittedField[]): Named[] {
  return fields.map((field) => {
    const key = wordsOf(field.key)
    const dot = field.key.lastIndexOf('.')
    return {
      field,
      keys: dot < 0 ? [key] : [key, wordsOf(field.key.slice(dot + 1))],
      label: field.label === undefined ? '' : wordsOf(field.label),
      type: field.type === undefined ? '' : wordsOf(field.type),
    }
  })
}

const hasText = ({ value }: SubmittedField) =>
  typeof value === 'string' ? value.trim() !== '' : typeof value === 'boolean' || value.length > 0

/** How well a field fits, best first: its type and a name, its type, its key, its label, a name that only hints. */
function rankOf({ field, keys, label, type }: Named, rule: Rule): number | null {
  const byKey = keys.some((key) => rule.names.has(key))
  const byLabel = rule.names.has(label)
  if (rule.types?.has(type)) return byKey || byLabel ? 0 : 1
  if (byKey) return 2
  if (byLabel) return 3
  return rule.loose && [label, ...keys].some((name) => rule.loose?.(name, field)) ? 4 : null
}

/** Whether a field may be read as consent at all. */
const mayConsent = ({ field, keys, label }: Named) =>
  field.type !== 'hidden' && ![...keys, label].some(onlyTerms)

/** The field that most likely is the target: by type, then key, then label; a filled one before an empty one. */
export function guessField(fields: readonly Named[], target: MappableField): SubmittedField | null {
  const rule = rules[target]
  let best: { field: SubmittedField; rank: number } | null = null
  for (const one of fields) {
    const fit = target === 'consent' && !mayConsent(one) ? null : rankOf(one, rule)
    if (fit === null) continue
    // An empty consent box is an answer; any other empty field only tells that it was asked for.
    const rank = target === 'consent' || hasText(one.field) ? fit : fit + 5
    if (best === null || rank < best.rank) best = { field: one.field, rank }
  }
  return best?.field ?? null
}
