import { Temporal } from 'temporal-polyfill'
import { instant, oneLine } from '../capture/text.ts'
import { normaliseEmail } from '../capture/values/email.ts'
import { normalisePhone } from '../capture/values/phone.ts'
import type { BookingEventKind } from '../core/booking.ts'
import { Problem } from '../core/problem.ts'

/** One line of a list of appointments, under the names of its columns. */
export type AppointmentRow = Readonly<Record<string, string>>

/** What such a line says. `id` is null where the list has no column for it. */
export type Appointment = {
  id: string | null
  kind: BookingEventKind
  email: string | null
  phone: string | null
  startsAt: Date
  /** When the line says that it was last changed. */
  updatedAt: Date | null
}

/** Which of the list's columns holds what. */
export type AppointmentColumns = Readonly<Partial<Record<keyof typeof columnNames, string>>>

/** Names that columns go by, in letters and digits alone, the likeliest first. */
const columnNames = {
  email: ['email', 'emailaddress', 'patientemail', 'clientemail', 'customeremail', 'guestemail'],
  phone: [
    'phone',
    'phonenumber',
    'mobile',
    'mobilephone',
    'cellphone',
    'patientphone',
    'clientphone',
    'homephone',
  ],
  date: [
    'startsat',
    'startat',
    'start',
    'datetime',
    'appointmentdateandtime',
    'appointmentdate',
    'date',
    'starttime',
  ],
  time: ['time', 'appointmenttime', 'starttime'],
  id: ['appointmentid', 'bookingid', 'id'],
  status: ['status', 'state', 'appointmentstatus'],
  updated: ['updatedat', 'lastupdated', 'modifiedat'],
} as const

const kinds: Readonly<Record<Exclude<BookingEventKind, 'rescheduled'>, readonly string[]>> = {
  booked:
    `booked confirmed unconfirmed scheduled rescheduled active accepted upcoming new arrived checkedin completed
    attended paid invoiced`.split(/\s+/),
  cancelled: ['cancelled', 'canceled', 'latecancelled', 'latecanceled', 'latecancel', 'declined', 'deleted'],
  'no-show': ['noshow', 'missed', 'neverarrived', 'didnotarrive', 'didnotshow', 'didnotattend'],
}

const bare = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Finds the columns. Throws Problem `unmappable` when there is no time, or nothing that says whose it is. */
export function findColumns(names: readonly string[]): AppointmentColumns {
  const find = (wanted: readonly string[]) =>
    wanted.map((name) => names.find((given) => bare(given) === name)).find((name) => name !== undefined)
  const found: Partial<Record<keyof typeof columnNames, string>> = {}
  for (const [what, wanted] of Object.entries(columnNames)) {
    const name = find(wanted)
    if (name !== undefined) found[what as keyof typeof columnNames] = name
  }
  const lacks = [...(found.email || found.phone ? [] : ['email or phone']), ...(found.date ? [] : ['date'])]
  if (lacks.length > 0)
    throw new Problem(
      'unmappable',
      `The file has no column ${lacks.join(', and none ')}: name it so in its first line.`,
    )
  return found
}

/**
 * Reads one line. Times without a zone are in `timeZone`; days are read as ISO or in the order of the US.
 * Returns what is wrong with it instead, in words without personal data.
 */
export function readAppointment(
  row: AppointmentRow,
  columns: AppointmentColumns,
  timeZone: string,
): Appointment | { error: string } {
  const value = (what: keyof typeof columnNames) => (row[columns[what] ?? ''] ?? '').trim()
  const [email, phone] = [normaliseEmail(value('email')), normalisePhone(value('phone'))]
  if (!email && !phone) {
    const isGiven = value('email') !== '' || value('phone') !== ''
    return {
      error: isGiven ? 'neither address nor phone number is valid' : 'has no address and no phone number',
    }
  }
  const startsAt = readTime(value('date'), columns.time === columns.date ? '' : value('time'), timeZone)
  if (!startsAt) return { error: 'the date cannot be read: use 2026-03-09 10:00 or 3/9/2026 10:00 AM' }
  const word = bare(value('status'))
  const kind = word === '' ? 'booked' : keysOf(kinds).find((one) => kinds[one].includes(word))
  if (!kind)
    return {
      error: 'the status is not known: use booked, cancelled or no-show',
    }
  const id = oneLine(value('id'), 200)
  const updatedAt = value('updated') === '' ? null : readTime(value('updated'), '', timeZone)
  return { id: id === '' ? null : id, kind, email, phone, startsAt, updatedAt }
}

const keysOf = <K extends string>(record: Readonly<Record<K, unknown>>) => Object.keys(record) as K[]

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

function readTime(date: string, time: string, timeZone: string): Date | null {
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
