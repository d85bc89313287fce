import { beforeAll, describe, expect, test } from 'vitest'
import { templates } from '../../emails/index.ts'
import type { RenderedMail } from '../../src/core/mail.ts'
import { createRenderer } from '../../src/mail/renderer.ts'
import { cleanName } from '../../src/mail/render-values.ts'
import { healthWords } from '../../emails/_checks/phrases.ts'
import { clippedAt, linksOf as hrefs, unescapeHtml as unescape } from '../../emails/_checks/mail-parts.ts'
import { brands, hostileNames, names, propsFor, secondBrand } from './support.ts'
import { sampleBrand } from '../../emails/_components/preview-props.ts'

const renderer = createRenderer(templates)

const cases = names.flatMap((name) =>
  Object.entries(brands).flatMap(([brandName, brand]) =>
    Object.entries(hostileNames).map(([leadName, firstName]) => ({
      name,
      brandName,
      brand,
      leadName,
      firstName,
    })),
  ),
)

describe.each(cases)('$name · $brandName · $leadName', ({ name, brand, firstName }) => {
  const props = propsFor(brand, firstName)
  let mail: RenderedMail
  beforeAll(async () => {
    mail = await renderer.mail(name, props)
  })

  test('weighs less than Gmail clips at', () => {
    expect(Buffer.byteLength(mail.html)).toBeLessThan(clippedAt)
  })

  test('is ASCII in its HTML, so that no server on the way can garble it', () => {
    expect(/[^\0-\x7f]/.exec(mail.html)?.[0]).toBeUndefined()
  })

  test('has one h1, a language, and only layout tables', () => {
    expect(mail.html.match(/<h1\b/g)).toHaveLength(1)
    expect(mail.html).toMatch(/<html[^>]* lang="en"/)
    for (const [table] of mail.html.matchAll(/<table\b[^>]*>/g))
      expect(table).toContain('role="presentation"')
    for (const [image] of mail.html.matchAll(/<img\b[^>]*>/g)) expect(image).toMatch(/ alt="[^"]+"/)
    for (const meta of ['color-scheme', 'x-apple-disable-message-reformatting', 'viewport'])
      expect(mail.html.includes(`name="${meta}"`), `name="${meta}"`).toBe(true)
  })

  test('holds every way to a call, and the legal parts, in both parts', () => {
    const links = hrefs(mail.html)
    expect(links).toContain(props.bookingUrl)
    expect(links).toContain(props.unsubscribeUrl)
    expect(links).toContain(props.callMeUrl)
    expect(links).toContain(`tel:${brand.phone}`)
    for (const url of [props.bookingUrl, props.unsubscribeUrl, props.callMeUrl])
      expect(mail.text.includes(url), url).toBe(true)
    for (const part of [unescape(mail.html), mail.text]) {
      expect(part.includes(brand.postalAddress), brand.postalAddress).toBe(true)
      expect(part.includes(brand.urgentCareNote), brand.urgentCareNote).toBe(true)
      expect(part.includes(`a note from ${brand.clinicName}`), `a note from ${brand.clinicName}`).toBe(true)
      expect(part.includes(brand.signature.name), brand.signature.name).toBe(true)
    }
  })

  test('links to https and tel only, and no link speaks of health', () => {
    for (const url of hrefs(mail.html)) {
      expect(url).toMatch(/^(https:\/\/|tel:\+)/)
      // The host is the clinic's own name; what we add to it must not speak.
      const added = decodeURIComponent(url.replace(/^https:\/\/[^/]+/, ''))
      expect(added.replace(/[-_/=&]/g, ' ')).not.toMatch(healthWords)
    }
  })

  test('greets with the name as cleaned, or naturally without one', () => {
    const greeting = `Hi ${cleanName(firstName) ?? 'there'},`
    expect(mail.text.includes(greeting), greeting).toBe(true)
    expect(unescape(mail.html).includes(greeting), greeting).toBe(true)
    expect(mail.html).not.toMatch(/<b onclick/)
    expect(mail.html.includes('href="https://evil.test"'), 'href="https://evil.test"').toBe(false)
  })

  test('reads like a letter in its text part', () => {
    expect(mail.text.includes(templates[name].defaults.title), templates[name].defaults.title).toBe(true)
    const ours = mail.text.replaceAll(cleanName(firstName) ?? 'there', '')
    expect(ours).not.toMatch(/\n{3,}|<\/?[a-z]+>|&(amp|nbsp|#)|undefined|\bnull\b|NaN/)
    expect(mail.text.includes(templates[name].defaults.art.alt), templates[name].defaults.art.alt).toBe(false)
    for (const line of mail.text.split('\n'))
      if (/[a-z]/i.test(line) && line.length > 3 && !line.includes('{{'))
        expect(line).not.toBe(line.toUpperCase())
    expect(mail.text.indexOf('Hi ')).toBeLessThan(mail.text.indexOf(props.bookingUrl))
  })

  test('has a subject without the person', () => {
    expect(mail.subject).toBe(templates[name].defaults.subject)
  })

  test('shows no trace of another clinic', () => {
    const other = brand === sampleBrand ? secondBrand : sampleBrand
    const { clinicName, postalAddress, phone, bookingUrl, replyTo, urgentCareNote, area } = other
    for (const part of [mail.html, mail.text])
      for (const trace of [clinicName, postalAddress, phone, bookingUrl, replyTo, urgentCareNote, area])
        expect(part.includes(trace), trace).toBe(false)
    for (const color of Object.values(other.colors))
      if (!/^#f{6}$/.test(color)) expect(mail.html.includes(color), color).toBe(false)
  })
})
