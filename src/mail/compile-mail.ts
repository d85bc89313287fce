import type { EncodedMail, JsonText, MailProps, RenderedMail } from '../core/mail.ts'
import { escapeHtml, fill, sameParts, splitAt, type LeadValues, type Parts } from './compile-parts.ts'
import { decodeMail, jsonText } from './encode-mail.ts'
import { renderDirect, type Renderable } from './render-direct.ts'
import { cleanValue, type LeadField, leadFields } from './render-values.ts'

/** A mail with holes where a lead's values go; the constant texts are encoded as in a JSON string. */
export type CompiledMail = {
  subject: Parts<JsonText>
  html: Parts<JsonText>
  text: Parts<JsonText>
  /** Those that have a place in it, each once. */
  fields: readonly LeadField[]
}

/**
 * Two sets of sentinels that share neither length, first letter nor case: a component that looks at a value
 * (its length, its initial, its case) gives itself away by the difference.
 */
function sentinelSets({ firstName }: MailProps): readonly [LeadValues, LeadValues] {
  const nonce = crypto.randomUUID().replaceAll('-', '')
  return [
    {
      firstName: firstName === null ? null : `Q${nonce}n`,
      bookingUrl: `https://b${nonce}.invalid/b`,
      unsubscribeUrl: `https://u${nonce}.invalid/u`,
      callMeUrl: `https://c${nonce}.invalid/c`,
      confirmUrl: `https://d${nonce}.invalid/d`,
    },
    {
      firstName: firstName === null ? null : `x${nonce.repeat(2)}Name7`,
      bookingUrl: `http://longer${nonce}.invalid/booking/1`,
      unsubscribeUrl: `http://longer${nonce}.invalid/unsubscribe/2`,
      callMeUrl: `http://longer${nonce}.invalid/call/3`,
      confirmUrl: `http://longest${nonce}.invalid/confirm/4`,
    },
  ]
}

async function renderWith(
  template: Renderable,
  copy: object,
  props: MailProps,
  values: LeadValues,
): Promise<CompiledMail> {
  const rendered = await renderDirect(template, copy, { ...props, ...(values as Partial<MailProps>) })
  const compiled = (part: string): Parts<JsonText> => {
    const { texts, fields } = splitAt(part, values)
    return { texts: texts.map(jsonText), fields }
  }
  const parts = {
    subject: compiled(rendered.subject),
    html: compiled(rendered.html),
    text: compiled(rendered.text),
  }
  const used = new Set(Object.values(parts).flatMap(({ fields }) => fields))
  return { ...parts, fields: leadFields.filter((field) => used.has(field)) }
}

/** True if two mails are the same byte for byte. */
export function sameMail(a: RenderedMail, b: RenderedMail): boolean {
  return a.subject === b.subject && a.html === b.html && a.text === b.text
}

/**
 * Compiles a mail for one template, copy, brand, topic and set of known fields. Null if the component branches
 * on a value: then the sentinels differ in more than themselves, or the first real mail differs from React's.
 */
export async function compileMail(
  template: Renderable,
  copy: object,
  props: MailProps,
): Promise<CompiledMail | null> {
  const [first, second] = sentinelSets(props)
  const a = await renderWith(template, copy, props, first)
  const b = await renderWith(template, copy, props, second)
  if (!(['subject', 'html', 'text'] as const).every((part) => sameParts(a[part], b[part]))) return null
  return sameMail(decodeMail(fillMail(a, props)), await renderDirect(template, copy, props)) ? a : null
}

/** Fills a compiled mail with one lead's values, cleaned. Throws if one of its links is not fit for a mail. */
export function fillMail(compiled: CompiledMail, props: MailProps): EncodedMail {
  const inText: Partial<Record<LeadField, JsonText>> = {}
  const inHtml: Partial<Record<LeadField, JsonText>> = {}
  for (const field of compiled.fields) {
    const value = cleanValue(props, field)
    if (value === null) continue
    inText[field] = jsonText(value)
    inHtml[field] = jsonText(escapeHtml(value))
  }
  return {
    subject: fill(compiled.subject, inText),
    html: fill(compiled.html, inHtml),
    text: fill(compiled.text, inText),
  }
}
