import { createHmac, hkdfSync } from 'node:crypto'
import type { TestService } from './service.ts'

/** What the booking button of a mail carries. */
export function bookingToken({ ctx }: Pick<TestService, 'ctx'>, deliveryId: string): string {
  return ctx.links.booking(deliveryId).split('/').at(-1)!
}

/** What mails carried that led straight to the booking page, made here anew: those links are out there and must work. */
export function oldBookingToken({ ctx }: Pick<TestService, 'ctx'>, enrollmentId: string): string {
  const key = Buffer.from(hkdfSync('sha256', ctx.config.appSecret, '', 'links', 32))
  const id = Buffer.from(enrollmentId.replaceAll('-', ''), 'hex')
  const signature = createHmac('sha256', key).update('booking\0').update(id).digest().subarray(0, 16)
  return Buffer.concat([id, signature]).toString('base64url')
}
