import type { Brand } from '../../src/core/brand.ts'
import type { FreshLeadAlertProps, MailProps } from '../../src/core/mail.ts'

/** A clinic that does not exist, for previews and the gallery. */
export const sampleBrand: Brand = {
  clinicName: 'Sample Clinic',
  area: 'Bryn Mawr and the Main Line',
  from: 'Sample Clinic <hello@clinic.example>',
  replyTo: 'hello@clinic.example',
  postalAddress: 'Sample Clinic, 100 Example Avenue, Bryn Mawr, PA 19010',
  phone: '+16105550142',
  bookingUrl: 'https://clinic.example/book',
  logoUrl: null,
  colors: { primary: '#1f5c54', onPrimary: '#ffffff', ink: '#23302e', paper: '#f4efe6', accent: '#d98a4b' },
  signature: { name: 'A. Provider', role: 'Physical therapist, Sample Clinic' },
  timeZone: 'America/New_York',
  openingDays: [1, 2, 3, 4, 5],
  holidays: [],
  urgentCareNote:
    'Sample text: here stand the words that the clinic has approved on when to seek urgent care. It is set in the clinic’s settings.',
  call: {
    who: 'One of our providers',
    length: 'About 15 minutes',
    cost: 'No charge',
    what: 'You tell us what is going on, and we answer your questions',
  },
}

export const previewProps: MailProps = {
  brand: sampleBrand,
  firstName: 'Pat',
  bookingUrl: 'https://clinic.example/book?ref=preview',
  unsubscribeUrl: 'https://clinic.example/u/preview',
  callMeUrl: 'https://clinic.example/c/preview',
  confirmUrl: 'https://clinic.example/confirm/preview',
  topical: false,
  part: 1,
  parts: 7,
}

export const alertPreviewProps: FreshLeadAlertProps = {
  kind: 'fresh-lead',
  brand: sampleBrand,
  name: 'Pat Example',
  email: 'pat@lead.example',
  phone: '+16105550199',
  source: 'Website form',
  message: 'Could someone call me?\nAfternoons are best.',
  receivedAt: 'Tuesday, November 3, 2026, 2:14 PM (New York)',
  markBookedUrl: 'https://clinic.example/m/preview',
}
