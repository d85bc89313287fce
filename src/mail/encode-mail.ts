import type { EncodedMail, JsonText, RenderedMail } from '../core/mail.ts'

/** ASCII without quotes, backslashes and control characters: what JSON leaves as it is. */
const plain = /^[ !#-[\]-~]*$/
const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Encodes a text as what stands between the quotes of a JSON string (RFC 8259, section 7), in ASCII alone. */
export function jsonText(value: string): JsonText {
  if (plain.test(value)) return value as JsonText
  const escaped = JSON.stringify(value).slice(1, -1)
  if (!/[^\0-\x7f]/.test(escaped)) return escaped as JsonText
  // Through bytes and back, because V8 keeps the wide form of a string whose wide characters were replaced.
  return Buffer.from(escaped.replace(/[^\0-\x7f]/g, escapeUnit), 'latin1').toString('latin1') as JsonText
}

export function encodeMail({ subject, html, text }: RenderedMail): EncodedMail {
  return { subject: [jsonText(subject)], html: [jsonText(html)], text: [jsonText(text)] }
}

export function decodeMail({ subject, html, text }: EncodedMail): RenderedMail {
  const decode = (pieces: JsonText[]) => JSON.parse(`"${pieces.join('')}"`) as string
  return { subject: decode(subject), html: decode(html), text: decode(text) }
}
