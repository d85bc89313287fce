import type { MailProps, RenderedMail } from '../core/mail.ts'
import { escapeHtml, join, sameParts, splitAt, type LeadValues, type Parts } from './compile-parts.ts'
import { renderDirect, type Renderable } from './render-direct.ts'
import { leadFields } from './render-values.ts'

/** A mail with holes where a lead's values go. */
export type CompiledMail = { subject: Parts; html: Parts; text: Parts }

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
    },
    {
      firstName: firstName === null ? null : `x${nonce.repeat(2)}Name7`,
      bookingUrl: `http://longer${nonce}.invalid/booking/1`,
      unsubscribeUrl: `http://longer${nonce}.invalid/unsubscribe/2`,
      callMeUrl: `http://longer${nonce}.invalid/call/3`,
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
  return {
    subject: splitAt(rendered.subject, values),
    html: splitAt(rendered.html, values),
    text: splitAt(rendered.text, values),
  }
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
  return sameMail(fillMail(a, props), await renderDirect(template, copy, props)) ? a : null
}

/** Fills a compiled mail with one lead's values, which must have been cleaned. */
export function fillMail(compiled: CompiledMail, props: MailProps): RenderedMail {
  const escaped = Object.fromEntries(
    leadFields.map((field) => [field, props[field] === null ? null : escapeHtml(props[field])]),
  ) as LeadValues
  return {
    subject: join(compiled.subject, props),
    html: join(compiled.html, escaped),
    text: join(compiled.text, props),
  }
}
