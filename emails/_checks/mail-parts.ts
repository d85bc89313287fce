import type { CopyFinding } from '../../src/core/copy.ts'
import type { MailProps, RenderedMail } from '../../src/core/mail.ts'

/** Gmail cuts a longer message off, unsubscribe link included. */
export const clippedAt = 102 * 1024

const entity: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#x27': "'", amp: '&' }

/** HTML's characters as text. */
export const unescapeHtml = (html: string) =>
  html.replace(/&(?:(lt|gt|quot|#x27|amp)|#(\d+));/g, (_, name: string, code: string) =>
    code ? String.fromCodePoint(Number(code)) : (entity[name] ?? ''),
  )

/** Where a mail's links lead. */
export const linksOf = (html: string) =>
  [...html.matchAll(/\shref="([^"]*)"/g)].map(([, url = '']) => unescapeHtml(url))

function legal(mail: RenderedMail, { brand, bookingUrl, unsubscribeUrl }: MailProps): string[] {
  const links = linksOf(mail.html)
  const missing: string[] = []
  const need = (what: string, there: boolean) => {
    if (!there) missing.push(`has no ${what}: bring it back`)
  }
  for (const [part, words] of [
    ['HTML', unescapeHtml(mail.html)],
    ['text', mail.text],
  ] as const) {
    const linked = (url: string) => (part === 'HTML' ? links.includes(url) : words.includes(url))
    need(`unsubscribe link in its ${part}`, linked(unsubscribeUrl))
    need(`button to the booking page in its ${part}`, linked(bookingUrl))
    need(`postal address in its ${part}`, words.includes(brand.postalAddress))
    need(`urgent-care note in its ${part}`, words.includes(brand.urgentCareNote))
    need(`sender's name in its ${part}`, words.includes(brand.clinicName))
  }
  return missing
}

function structure({ html, text }: RenderedMail): string[] {
  const wrong: string[] = []
  if ((html.match(/<h1\b/g) ?? []).length !== 1) wrong.push('must have exactly one main heading')
  if (!/<html[^>]* lang="[a-z]/.test(html)) wrong.push('names no language')
  for (const [image] of html.matchAll(/<img\b[^>]*>/g))
    if (!/ alt="[^"]+"/.test(image)) wrong.push('has a picture without a description')
  for (const url of linksOf(html))
    if (!/^(https:\/\/|tel:\+)/.test(url)) wrong.push(`holds a link that is neither https nor tel: ${url}`)
  // Names of leads never hold braces, so these are the copy's own.
  if (/\{\{|\}\}|undefined|\[object/.test(text)) wrong.push('shows a merge field that was not filled in')
  return wrong
}

/** What a rendered mail must never lack or exceed, whoever wrote its words. */
export function checkMail(mail: RenderedMail, props: MailProps): CopyFinding[] {
  const wrong = [...legal(mail, props), ...structure(mail)]
  const weight = Buffer.byteLength(mail.html)
  if (weight >= clippedAt)
    wrong.push(
      `weighs ${Math.ceil(weight / 1024)} kB: Gmail cuts a mail at ${clippedAt / 1024} kB, unsubscribe link and all. Take blocks out`,
    )
  return wrong.map((message) => ({ level: 'refuse', field: 'mail', message }))
}
