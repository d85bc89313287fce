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
    ...more,
  }
}

/** Body parts and health words that no lock screen should show. */
export const healthWords =
  /\b(back ?ache|spin\w*|spasm\w*|pain\w*|hurt\w*|ach(e|es|ing)|hip\w*|core|glute\w*|pelvi\w*|neck|knee\w*|shoulder\w*|muscle\w*|disc\w*|mri|x-ray\w*|scan\w*|injur\w*|medic\w*|doctor\w*|patient\w*|provider\w*|therap\w*|physio\w*|clinic\w*|symptom\w*|flare\w*|breath\w*|posture|diagnos\w*|treat\w*|recover\w*|relief|exercis\w*|lock(s|ed|ing)?[- ]up|(a|your|my|the|low|lower|bad|sore) back|backs)\b/i

/** The words that the copy holds, without markup. */
export function copyWords(name: TemplateName): string {
  const { title, opening, lesson, stepTitle, step } = templates[name].defaults
  const blocks = [...opening, ...lesson, ...step].flatMap((block) => {
    if (block.type === 'list') return block.items
    if (block.type === 'callout') return [`${block.title}.`, block.text]
    if (block.type === 'paragraph') return [block.text]
    return block.type === 'button' ? [`${block.label}.`] : []
  })
  return [`${title}.`, ...blocks, `${stepTitle}.`].join(' ').replaceAll('**', '')
}
