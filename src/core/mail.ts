import type { Brand } from './brand.ts'

/** What a template is given for one mail to one lead. Every URL is absolute. */
export type MailProps = {
  brand: Brand
  /** Already cleaned; null when the lead gave none. */
  firstName: string | null
  bookingUrl: string
  unsubscribeUrl: string
  /** Signed page on which the lead asks to be called: GET shows it, POST acts. */
  callMeUrl: string
  /** Signed page on which whoever reads the mail says that we may write: GET shows it, POST acts. */
  confirmUrl: string
  /** Use the topical subject: only where the form was about that topic and the clinic chose it. */
  topical: boolean
  /** The mail's place among those of its lead's own sequence, which may leave steps out: part 2 of 6. */
  part: number
  parts: number
}

/** A mail as its reader gets it. */
export type RenderedMail = { subject: string; html: string; text: string }

/** What stands between the quotes of a JSON string, in ASCII alone. */
export type JsonText = string & { readonly jsonText: true }

/**
 * A mail ready to be sealed, in pieces: those that are the same for everyone are the very same strings in each mail,
 * encoded once and never joined before the last moment. Joining and encoding cost more than all else about a mail.
 */
export type EncodedMail = { subject: JsonText[]; html: JsonText[]; text: JsonText[] }

/** What the front desk is told of one lead. */
export type LeadNews = {
  /**
   * It sent a form; it asked in a mail to be called; it followed the booking button and did not book; it had all mails
   * and did not book.
   */
  kind: 'fresh-lead' | 'call-me' | 'unbooked-click' | 'finished'
  name: string | null
  email: string
  phone: string | null
  /** The source's name, as the clinic gave it. */
  source: string
  /** What the lead wrote, if anything. */
  message: string | null
  /** When that happened: in the clinic's zone, already put in words. */
  receivedAt: string
  /** Signed page: GET shows it, POST marks the lead as booked. */
  markBookedUrl: string
}

/** A mail to the front desk about one lead. */
export type FreshLeadAlertProps = LeadNews & { brand: Brand }

/** A mail to the front desk about all leads of a day. */
export type DigestAlertProps = { brand: Brand; news: readonly LeadNews[] }

/** How mails were rendered. `checked`: also directly, to compare; `differed`: then the direct rendering went out. */
export type RenderCounts = { compiled: number; direct: number; checked: number; differed: number }
