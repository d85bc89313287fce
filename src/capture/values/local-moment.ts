import { Temporal } from 'temporal-polyfill'
import { instant } from '../text.ts'

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/**
 * A day, or a day and an hour, as lists write them: ISO 8601, or in the order of the US. Without a zone of its own it is
 * in `timeZone`, without an hour at noon. Null when it cannot be read.
 */
export function localMoment(date: string, time: string, timeZone: string): Date | null {
  const whole = instant(date)
  if (whole !== null) return new Date(whole)
  const text = `${date} ${time}`.replace(/[T,]/g, ' ').replace(/\s+/g, ' ').trim()
  const iso = /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})(?<rest> .*)?$/.exec(text)
  const us = /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4})(?<rest> .*)?$/.exec(text)
  const named = /^(?<name>[a-z]{3,9})\.? (?<day>\d{1,2}) (?<year>\d{4})(?<rest> .*)?$/i.exec(text)
  const found = (iso ?? us ?? named)?.groups
  if (!found) return null
  const month = found.name ? months.indexOf(found.name.slice(0, 3).toLowerCase()) + 1 : Number(found.month)
  const clock = /^(\d{1,2}):(\d\d)(?::\d\d)? ?(am|pm)?$/i.exec((found.rest ?? '').trim())
  if (!clock && found.rest?.trim()) return null
  const [, hours = '12', minute = '0', half] = clock ?? []
  const hour = half ? (Number(hours) % 12) + (/pm/i.test(half) ? 12 : 0) : Number(hours)
  try {
    const { epochMilliseconds } = Temporal.PlainDateTime.from(
      { year: Number(found.year), month, day: Number(found.day), hour, minute: Number(minute) },
      { overflow: 'reject' },
    ).toZonedDateTime(timeZone)
    return new Date(epochMilliseconds)
  } catch {
    return null
  }
}
