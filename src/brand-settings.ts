import { z } from 'zod'
import type { Brand } from './core/brand.ts'
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
