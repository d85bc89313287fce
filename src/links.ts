import { createHmac, createSecretKey, hkdfSync, timingSafeEqual } from 'node:crypto'
import { parse, stringify } from 'uuid'

/** What a signed link is for. A token of one purpose is worthless for another. */
type LinkPurpose = 'unsubscribe' | 'mark-booked' | 'call-me' | 'click' | 'booking' | 'sign-in'

/** Addresses in our mails. Each carries one id and a signature, nothing that says who it is or why. */
export type Links = {
  /** `id` is a delivery. */
  unsubscribe(id: string): string
  /** `id` is a delivery. */
  callMe(id: string): string
  /** `id` is a lead. */
  markBooked(id: string): string
  /** `id` is a sign-in: whether it is still good stands in its row. */
  signIn(id: string): string
  /** Our own address behind the booking button, which leads on to the booking page; `id` is a delivery. */
  booking(id: string): string
  /**
   * The clinic's booking page. `token`, of a booking button, comes back in the booking tool's tracking fields; without
   * one the page is the same, and nobody is known by it.
   */
  bookingPage(token: string | null): string
  /**
   * The id inside a token, or null when the token is not ours or was made for something else. `booking` are tokens of
   * enrollments: older mails led straight to the booking page with one.
   */
  read(purpose: LinkPurpose, token: string): string | null
}

const signatureBytes = 16

/** Links under `publicUrl`, signed with a key drawn from `appSecret`. */
export function createLinks(options: { publicUrl: string; appSecret: string; bookingUrl: string }): Links {
  // As a key object, which need not be copied and checked for each of a million signatures.
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', options.appSecret, '', 'links', 32)))
  const sign = (purpose: LinkPurpose, id: Uint8Array) =>
    createHmac('sha256', key).update(purpose).update('\0').update(id).digest().subarray(0, signatureBytes)
  const token = (purpose: LinkPurpose, id: string) => {
    const bytes = parse(id)
    return Buffer.concat([bytes, sign(purpose, bytes)]).toString('base64url')
  }
  const bookingPage = new URL(options.bookingUrl)
  bookingPage.searchParams.set('utm_source', 'nurture')
  bookingPage.searchParams.set('utm_medium', 'email')
  return {
    unsubscribe: (id) => `${options.publicUrl}/u/${token('unsubscribe', id)}`,
    callMe: (id) => `${options.publicUrl}/call/${token('call-me', id)}`,
    markBooked: (id) => `${options.publicUrl}/booked/${token('mark-booked', id)}`,
    signIn: (id) => `${options.publicUrl}/studio/sign-in/${token('sign-in', id)}`,
    booking: (id) => `${options.publicUrl}/book/${token('click', id)}`,
    bookingPage(value) {
      const page = new URL(bookingPage)
      if (value !== null) page.searchParams.set('utm_content', value)
      return page.href
    },
    read(purpose, value) {
      const bytes = Buffer.from(value, 'base64url')
      if (bytes.length !== 16 + signatureBytes || bytes.toString('base64url') !== value) return null
      const id = bytes.subarray(0, 16)
      if (!timingSafeEqual(sign(purpose, id), bytes.subarray(16))) return null
      try {
        return stringify(id)
      } catch {
        return null
      }
    },
  }
}
