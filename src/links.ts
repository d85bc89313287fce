import { createHmac, createSecretKey, hkdfSync, timingSafeEqual } from 'node:crypto'
import { parse, stringify } from 'uuid'

/** What a signed link is for. A token of one purpose is worthless for another. */
type LinkPurpose =
  'unsubscribe' | 'mark-booked' | 'call-me' | 'click' | 'booking' | 'reply' | 'sign-in' | 'confirm'

/** Addresses in our mails. Each carries one id and a signature, nothing that says who it is or why. */
export type Links = {
  /** `id` is a delivery. */
  unsubscribe(id: string): string
  /** `id` is a delivery. */
  callMe(id: string): string
  /** `id` is the enrollment whose one mail asks. */
  confirm(id: string): string
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
  /** The address for answers to a mail, at the domain whose mail is read here; null without one. `id` is a delivery. */
  replyAddress(id: string): string | null
  /** The delivery inside such an address, in whichever case it comes back; null when it is none of ours. */
  readReplyAddress(address: string): string | null
  /**
   * The id inside a token, or null when the token is not ours or was made for something else. `booking` are tokens of
   * enrollments: older mails led straight to the booking page with one.
   */
  read(purpose: LinkPurpose, token: string): string | null
}

const signatureBytes = 16
/**
 * Where each link of a mail has its own part of one signature of 64 bytes: signing is a good part of what a mail costs.
 * Who knows one part of it knows nothing of the others.
 */
const placesInMail: Partial<Record<LinkPurpose, number>> = {
  unsubscribe: 0,
  'call-me': 16,
  click: 32,
  reply: 48,
}
/** The part of an address before the @ is at most 64 characters, and not every server keeps its case (RFC 5321). */
const replySignatureBytes = 10

/** Links under `publicUrl`, signed with a key drawn from `appSecret`. */
export function createLinks(options: {
  publicUrl: string
  appSecret: string
  bookingUrl: string
  /** Where answers to our mails go; null: to the clinic's own mailbox. */
  replyDomain: string | null
}): Links {
  // As a key object, which need not be copied and checked for each of a million signatures.
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', options.appSecret, '', 'links', 32)))
  const hmac = (algorithm: 'sha256' | 'sha512', as: string, id: Uint8Array) =>
    createHmac(algorithm, key)
      .update(Buffer.concat([Buffer.from(`${as}\0`), id]))
      .digest()
  /** A signature for one purpose alone. In older mails every link has one, and stays good. */
  const signAlone = (purpose: LinkPurpose, id: Uint8Array) =>
    hmac('sha256', purpose, id).subarray(0, signatureBytes)
  /** The last delivery that was signed: the links of a mail are asked for one after the other. */
  let last = { id: '', bytes: new Uint8Array(), whole: Buffer.alloc(0) }
  const sign = (purpose: LinkPurpose, id: string) => {
    const place = placesInMail[purpose]
    if (place === undefined) {
      const bytes = parse(id)
      return { bytes, signature: signAlone(purpose, bytes) }
    }
    if (last.id !== id) {
      const bytes = parse(id)
      last = { id, bytes, whole: hmac('sha512', 'mail', bytes) }
    }
    return { bytes: last.bytes, signature: last.whole.subarray(place, place + signatureBytes) }
  }
  const isSigned = (purpose: LinkPurpose, bytes: Uint8Array, signature: Uint8Array) => {
    const id = idOf(bytes)
    if (id === null) return false
    const { length } = signature
    return [sign(purpose, id).signature, signAlone(purpose, bytes)].some((expected) =>
      timingSafeEqual(expected.subarray(0, length), signature),
    )
  }
  const token = (purpose: LinkPurpose, id: string) => {
    const { bytes, signature } = sign(purpose, id)
    return Buffer.concat([bytes, signature]).toString('base64url')
  }
  return {
    unsubscribe: (id) => `${options.publicUrl}/u/${token('unsubscribe', id)}`,
    callMe: (id) => `${options.publicUrl}/call/${token('call-me', id)}`,
    confirm: (id) => `${options.publicUrl}/confirm/${token('confirm', id)}`,
    markBooked: (id) => `${options.publicUrl}/booked/${token('mark-booked', id)}`,
    signIn: (id) => `${options.publicUrl}/studio/sign-in/${token('sign-in', id)}`,
    booking: (id) => `${options.publicUrl}/book/${token('click', id)}`,
    bookingPage(value) {
      const page = new URL(options.bookingUrl)
      page.searchParams.set('utm_source', 'nurture')
      page.searchParams.set('utm_medium', 'email')
      if (value !== null) page.searchParams.set('utm_content', value)
      return page.href
    },
    replyAddress(id) {
      if (options.replyDomain === null) return null
      const { bytes, signature } = sign('reply', id)
      const whole = Buffer.concat([bytes, signature.subarray(0, replySignatureBytes)])
      return `r+${whole.toString('hex')}@${options.replyDomain}`
    },
    readReplyAddress(address) {
      // Whichever the domain: it may have been another one when the mail went out.
      const hex = /^r\+([0-9a-f]{52})@/i.exec(address.trim())?.[1]
      if (!hex) return null
      const bytes = Buffer.from(hex, 'hex')
      const id = bytes.subarray(0, 16)
      return isSigned('reply', id, bytes.subarray(16)) ? idOf(id) : null
    },
    read(purpose, value) {
      const bytes = Buffer.from(value, 'base64url')
      if (bytes.length !== 16 + signatureBytes || bytes.toString('base64url') !== value) return null
      const id = bytes.subarray(0, 16)
      return isSigned(purpose, id, bytes.subarray(16)) ? idOf(id) : null
    },
  }
}

function idOf(bytes: Uint8Array): string | null {
  try {
    return stringify(bytes)
  } catch {
    return null
  }
}
