import { expect, test } from 'vitest'
import { linksOf as hrefs, unescapeHtml } from '../../emails/_checks/mail-parts.ts'
import { sampleBrand } from '../../emails/_components/preview-props.ts'
import { templates } from '../../emails/index.ts'
import { createLinks } from '../../src/links.ts'
import { encodeMail } from '../../src/mail/encode-mail.ts'
import { addressMail } from '../../src/mail/envelope.ts'
import type { OutgoingMail } from '../../src/mail/mailer.ts'
import { createRenderer } from '../../src/mail/renderer.ts'
import { names, propsFor, secondBrand } from './support.ts'

const renderer = createRenderer(templates)

test('the facts of the call stand where the clinic gave them, and nowhere else', async () => {
  for (const name of names) {
    const told = await renderer.mail(name, propsFor(sampleBrand, 'Pat'))
    const untold = await renderer.mail(name, propsFor(secondBrand, 'Pat'))
    for (const fact of Object.values(sampleBrand.call ?? {})) expect(told.text).toContain(fact)
    expect(untold.text).not.toMatch(/Who calls|How long|Cost:/)
  }
})

test('a mail says why it came: part of the series, after a call that was planned, or to ask', async () => {
  for (const name of names) {
    const { text, html } = await renderer.mail(name, propsFor(sampleBrand, 'Pat'))
    for (const part of [text, unescapeHtml(html)]) {
      expect([name, part.includes('You get this short series')]).toEqual([
        name,
        name !== 'rebook' && name !== 'confirm',
      ])
      expect([name, part.includes('You get this one note')]).toEqual([name, name === 'rebook'])
      expect([name, part.includes('You get this one email')]).toEqual([name, name === 'confirm'])
    }
  }
})

test('the topical subject is used only when asked for', async () => {
  for (const name of names) {
    const { subject, topicalSubject } = templates[name].defaults
    const topical = await renderer.mail(name, propsFor(sampleBrand, 'Pat', { topical: true }))
    expect(topical.subject).toBe(topicalSubject)
    expect(topical.subject).not.toBe(subject)
  }
})

test('with real links, the booking link is our own, leads on tagged, and both ways to unsubscribe are there', async () => {
  const links = createLinks({
    publicUrl: 'https://nurture.clinic.test',
    appSecret: 'x'.repeat(48),
    bookingUrl: sampleBrand.bookingUrl,
    replyDomain: 'reply.clinic.test',
  })
  const id = '01930000-0000-7000-8000-000000000001'
  const props = propsFor(sampleBrand, 'Pat', {
    bookingUrl: links.booking(id),
    unsubscribeUrl: links.unsubscribe(id),
    callMeUrl: links.callMe(id),
    confirmUrl: links.confirm(id),
  })
  for (const name of names) {
    const mail = await renderer.mail(name, props)
    const booking = hrefs(mail.html).filter((url) => url.includes('/book/'))
    expect(booking.length).toBeGreaterThan(0)
    expect(mail.html).not.toContain(sampleBrand.bookingUrl)
    for (const url of booking) {
      expect(url).toMatch(/^https:\/\/nurture\.clinic\.test\/book\/[\w-]{43}$/)
      const page = new URL(links.bookingPage(url.split('/').at(-1)!))
      expect(`${page.origin}${page.pathname}`).toBe(sampleBrand.bookingUrl)
      const query = page.searchParams
      expect([query.get('utm_source'), query.get('utm_medium')]).toEqual(['nurture', 'email'])
      expect(links.read('click', query.get('utm_content') ?? '')).toBe(id)
    }
    const to = {
      email: 'pat@lead.test',
      deliveryId: id,
      step: 'lesson-1',
      unsubscribeUrl: props.unsubscribeUrl,
      replyAddress: links.replyAddress(id),
    }
    const { headers, html } = JSON.parse(
      addressMail(encodeMail(mail), to, sampleBrand).join(''),
    ) as OutgoingMail
    expect(hrefs(html)).toContain(props.unsubscribeUrl)
    expect(headers).toMatchObject({
      'List-Unsubscribe': `<${props.unsubscribeUrl}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    })
  }
})
