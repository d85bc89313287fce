import { previewProps, sampleBrand } from '../../emails/_components/preview-props.ts'
import { templates, type TemplateName } from '../../emails/index.ts'
import type { Brand } from '../../src/core/brand.ts'
import type { MailProps } from '../../src/core/mail.ts'

export const names = Object.keys(templates) as TemplateName[]

/** A clinic that shares nothing with the sample: other place, other country, other colours, no call facts. */
export const secondBrand: Brand = {
  clinicName: 'Zweite Praxis',
  area: 'Basel',
  from: 'Zweite Praxis <post@praxis.test>',
  replyTo: 'post@praxis.test',
  postalAddress: 'Zweite Praxis, Musterweg 9, 4051 Basel',
  phone: '+41446681800',
  bookingUrl: 'https://praxis.test/termin',
  logoUrl: 'https://praxis.test/logo.png',
  colors: { primary: '#ffd54a', onPrimary: '#fff6d0', ink: '#777777', paper: '#ffffff', accent: '#88aaff' },
  signature: { name: 'B. Zweit', role: 'Therapist' },
  timeZone: 'Europe/Zurich',
  openingDays: [1, 2, 4],
  holidays: [],
  urgentCareNote: 'The second clinic’s own note.',
  call: null,
}

export const brands = { sample: sampleBrand, second: secondBrand }

/** First names as a form may bring them. */
export const hostileNames: Record<string, string | null> = {
  none: null,
  plain: 'Pat',
  emoji: '👩‍👩‍👧 Zoë 🇨🇭',
  'right to left': 'مريم',
  '200 characters': 'Wolfeschlegelstein'.repeat(12).slice(0, 200),
  html: '<b onclick="x">Pat</b> & "Co" \'s',
  'replace patterns': "$& $1 $` $'",
  'merge field': '{{firstName|there}} **bold** [x](https://evil.test)',
}

export function propsFor(brand: Brand, firstName: string | null, more: Partial<MailProps> = {}): MailProps {
  return {
    ...previewProps,
    brand,
    firstName,
    bookingUrl: `${brand.bookingUrl}?ref=1&at=2`,
    unsubscribeUrl: 'https://out.test/u/AbC-_123',
    callMeUrl: 'https://out.test/c/XyZ',
    confirmUrl: 'https://out.test/confirm/XyZ',
    ...more,
  }
}
