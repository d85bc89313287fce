import { oneLine } from '../capture/text.ts'
import { localMoment } from '../capture/values/local-moment.ts'
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
  const startsAt = localMoment(value('date'), columns.time === columns.date ? '' : value('time'), timeZone)
  if (!startsAt) return { error: 'the date cannot be read: use 2026-03-09 10:00 or 3/9/2026 10:00 AM' }
  const word = bare(value('status'))
  const kind = word === '' ? 'booked' : keysOf(kinds).find((one) => kinds[one].includes(word))
  if (!kind)
    return {
      error: 'the status is not known: use booked, cancelled or no-show',
    }
  const id = oneLine(value('id'), 200)
  const updatedAt = value('updated') === '' ? null : localMoment(value('updated'), '', timeZone)
  return { id: id === '' ? null : id, kind, email, phone, startsAt, updatedAt }
}

const keysOf = <K extends string>(record: Readonly<Record<K, unknown>>) => Object.keys(record) as K[]
