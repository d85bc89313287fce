import type { LeadField } from './render-values.ts'

/** The value of every lead field; a null one has no place in the text. */
export type LeadValues = Readonly<Record<LeadField, string | null>>

/** Constant texts with fields between them: one more text than fields. */
export type Parts<Text extends string = string> = { texts: readonly Text[]; fields: readonly LeadField[] }

/** Splits a rendering where the sentinels stand. */
export function splitAt(rendered: string, sentinels: LeadValues): Parts {
  const fieldOf = new Map(
    Object.entries(sentinels).flatMap(([field, mark]) => (mark ? [[mark, field as LeadField] as const] : [])),
  )
  // Longest first, so that no sentinel hides inside another; none holds a character special to RegExp but the dot.
  const marks = [...fieldOf.keys()]
    .sort((a, b) => b.length - a.length)
    .map((mark) => mark.replaceAll('.', '\\.'))
  const pieces = rendered.split(new RegExp(`(${marks.join('|')})`))
  const texts = pieces.filter((_, at) => at % 2 === 0)
  const fields = pieces.filter((_, at) => at % 2 === 1).map((mark) => fieldOf.get(mark) as LeadField)
  return { texts, fields }
}

/** True if two renderings differ in nothing but the sentinels. */
export function sameParts(a: Parts, b: Parts): boolean {
  return (
    a.texts.length === b.texts.length &&
    a.texts.every((text, at) => text === b.texts[at]) &&
    a.fields.every((field, at) => field === b.fields[at])
  )
}

/** Puts one lead's values between the constant texts; nothing where there is none. */
export function fill<Text extends string>(
  { texts, fields }: Parts<Text>,
  values: Readonly<Partial<Record<LeadField, Text>>>,
): Text[] {
  const pieces = [texts[0]!]
  for (let at = 0; at < fields.length; at++) {
    const value = values[fields[at]!]
    if (value !== undefined) pieces.push(value)
    pieces.push(texts[at + 1]!)
  }
  return pieces
}

const SPECIAL = /["&'<>]|[^\0-\x7f]/gu
const ENTITY: Record<string, string> = {
  '"': '&quot;',
  '&': '&amp;',
  "'": '&#x27;',
  '<': '&lt;',
  '>': '&gt;',
}

const numeric = (sign: string) => `&#${sign.codePointAt(0)};`

/**
 * The same HTML in ASCII alone. No server on the way can garble it, and to V8 it is one byte a character: what is
 * filled, joined and sealed a million times weighs half.
 */
export function asciiHtml(html: string): string {
  // Through bytes and back, because V8 keeps the wide form of a string whose wide characters were replaced.
  return Buffer.from(html.replace(/[^\0-\x7f]/gu, numeric), 'latin1').toString('latin1')
}

/** Escapes as React and `asciiHtml` do, in text and attributes alike. */
export function escapeHtml(value: string): string {
  return value.replace(SPECIAL, (sign) => ENTITY[sign] ?? numeric(sign))
}
