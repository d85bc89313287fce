import type { Holiday } from './holidays.ts'
import type { Weekday } from './sequence.ts'

/** All that a clinic says about itself. Nothing of a clinic stands anywhere else in code. */
export type Brand = {
  clinicName: string
  /** Where the clinic is, as people there say it: "Bryn Mawr and the Main Line". */
  area: string
  /** RFC 5322 mailbox of the sender: `Name <user@domain>`. */
  from: string
  /** Mailbox that answers go to. */
  replyTo: string
  /** One line, as it must stand in every commercial mail (CAN-SPAM, 15 U.S.C. 7704(a)(5)). */
  postalAddress: string
  /** E.164. */
  phone: string
  /** https page on which a call can be booked. */
  bookingUrl: string
  /** https image, or null for the name set in type. */
  logoUrl: string | null
  colors: { primary: string; onPrimary: string; ink: string; paper: string; accent: string }
  /** Who signs the mails. */
  signature: { name: string; role: string }
  /** IANA zone of the clinic. */
  timeZone: string
  /** Days on which the clinic answers; no mail but the first goes out on others. */
  openingDays: readonly Weekday[]
  /** Days on which the clinic is shut although it is an opening day; they close every window. */
  holidays: readonly Holiday[]
  /** The clinic's own approved words on when to seek urgent care. */
  urgentCareNote: string
  /** What the clinic says about the call; null where it said nothing, and then the mails say nothing. */
  call: { who: string; length: string; cost: string; what: string } | null
}
