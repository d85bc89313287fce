import { z } from 'zod'
import { oneLine } from './capture/text.ts'
import type { Brand } from './core/brand.ts'
import type { Holiday } from './core/holidays.ts'
import type { Weekday } from './core/sequence.ts'

/** `Name <user@domain>`, or the address alone. */
export const mailboxPattern = /^[^<>\r\n,]*<?[^\s<>@,]+@[^\s<>@,]+\.[^\s<>@,]+>?$/

const calm: Brand['colors'] = {
  primary: '#1f5d57',
  onPrimary: '#ffffff',
  ink: '#24302e',
  paper: '#fbf8f3',
  accent: '#c9673f',
}
/** The names as people write them, for each colour. */
const colorNames: Record<string, keyof Brand['colors']> = {
  primary: 'primary',
  'on-primary': 'onPrimary',
  ink: 'ink',
  paper: 'paper',
  accent: 'accent',
}
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

const colorsExpected = `colours such as "primary #1f5d57, accent #c9673f", out of ${Object.keys(colorNames).join(', ')}`
const holidaysExpected = 'days such as 2026-11-26, 2026-12-24..2027-01-01 or, every year, --12-25'
const daysExpected = 'days such as Mon-Fri or Mon,Wed,Thu-Sat'

/** "primary #1f5d57, accent #c9673f": what is not named keeps its default. Mails bend a colour until it can be read. */
export const colorsSetting = z.string().transform((value, check) => {
  const colors = { ...calm }
  for (const part of value.split(',')) {
    const [, name = '', color = ''] = /^([a-z-]+)\s+(#(?:[\da-f]{3}|[\da-f]{6}))$/i.exec(part.trim()) ?? []
    const key = Object.hasOwn(colorNames, name.toLowerCase()) ? colorNames[name.toLowerCase()] : undefined
    if (!key) {
      check.addIssue({ code: 'custom', message: colorsExpected })
      return z.NEVER
    }
    colors[key] = color.toLowerCase()
  }
  return colors
})

/** "Mon-Fri", "Mon,Wed,Thu-Sat": ISO weekdays, in order. */
export const openingDaysSetting = z.string().transform((value, check): Weekday[] => {
  const days = new Set<number>()
  for (const part of value.toLowerCase().split(',')) {
    const [from = -1, to = from] = part.split('-').map((day) => weekdays.indexOf(day.trim()))
    if (from < 0 || to < from || part.split('-').length > 2) {
      check.addIssue({ code: 'custom', message: daysExpected })
      return z.NEVER
    }
    for (let day = from; day <= to; day++) days.add(day + 1)
  }
  return [...days].sort() as Weekday[]
})

/** "2026-11-26, 2026-12-24..2027-01-01, --12-25": dates, stretches of them, and days of every year (ISO 8601:2000 5.2.1.3). */
export const holidaysSetting = z.string().transform((value, check): Holiday[] => {
  const holidays = value.split(',').map((part): Holiday => {
    const [from = '', to = from, ...rest] = part.split('..').map((date) => date.trim())
    const [fromYearly, toYearly] = [from, to].map((date) => date.startsWith('--'))
    const isRange = fromYearly === toYearly && (fromYearly || from <= to)
    if (rest.length > 0 || !isRange || ![from, to].every(isDay))
      check.addIssue({ code: 'custom', message: holidaysExpected })
    return { from, to }
  })
  return holidays
})

/** A date of this century, or a day of every year, 29 February among them. */
function isDay(text: string): boolean {
  const date = text.replace(/^--/, '2000-')
  return /^20\d\d-/.test(date) && z.iso.date().safeParse(date).success
}

const hexColor = z
  .string('is missing')
  .regex(/^#[\da-f]{6}$/i, 'is a colour such as #1f5d57')
  .transform((value) => value.toLowerCase())
const one = (most: number) =>
  z
    .string('is missing')
    .max(most, `has at most ${most} characters`)
    .transform((value) => oneLine(value, most))
    .refine((value) => value !== '', 'is missing')
const page = one(2_000).pipe(z.url({ protocol: /^https$/, error: 'is an https address' }))

/** What the studio may change of the brand: everything but the zone and the opening days, which sequences are made of. */
export const brandForm = z.object({
  clinicName: one(120),
  area: one(120),
  from: one(254).pipe(
    z.string().regex(mailboxPattern, 'is a sender such as Clinic <hello@mail.clinic.example>'),
  ),
  replyTo: one(254).pipe(z.string().regex(mailboxPattern, 'is an address that a person reads')),
  postalAddress: one(300),
  phone: one(20).pipe(z.string().regex(/^\+[1-9]\d{6,14}$/, 'is a number such as +16105550100')),
  bookingUrl: page,
  logoUrl: page.nullable(),
  colors: z.object({
    primary: hexColor,
    onPrimary: hexColor,
    ink: hexColor,
    paper: hexColor,
    accent: hexColor,
  }),
  signature: z.object({ name: one(120), role: one(120) }),
  urgentCareNote: one(2_000).refine((value) => value.length >= 40, 'is at least a sentence'),
  call: z.object({ who: one(200), length: one(120), cost: one(120), what: one(400) }).nullable(),
})
