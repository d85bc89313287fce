import { z } from 'zod'
import type { Brand } from './core/brand.ts'
import type { Holiday } from './core/holidays.ts'
import type { Weekday } from './core/sequence.ts'

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
