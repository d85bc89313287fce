import { z } from 'zod'
import { readJson, shaped } from '../../capture/body.ts'
import {
  hmacSha256,
  requireFresh,
  requireHeader,
  requireSignature,
  unixTime,
} from '../../capture/signature.ts'
import { instant } from '../../capture/text.ts'
import type { NoticeAdapter } from '../adapter.ts'
import { askableId } from '../event.ts'

const topics = [
  'APPOINTMENT_BOOKED',
  'APPOINTMENT_CANCELLED',
  'APPOINTMENT_RESCHEDULED',
  'APPOINTMENT_UNCANCELLED',
]

const envelope = z.object({ event_topic: z.string(), appointment_id: z.unknown().optional() })

/** An ISO 8601 time, or Unix seconds: which of them Jane sends is not confirmed. */
function signedAt(timestamp: string): number {
  const time = instant(timestamp)
  return time === null ? unixTime(timestamp, 'seconds') : Date.parse(time)
}

/**
 * Jane (developers.jane.app, webhooks; for approved partners only): hex HMAC-SHA256. Not confirmed: whether the text
 * that is signed starts with the timestamp, and what that looks like; either way passes, both need the secret. The body
 * names an appointment and nobody. There is no reader yet: the calls of Jane's API are not public.
 */
export const jane: NoticeAdapter = {
  verify(request, secrets, now) {
    const given = [requireHeader(request, 'x-jane-signature').replace(/^sha256=/, '')]
    const timestamp = requireHeader(request, 'x-jane-timestamp')
    const time = signedAt(timestamp)
    const sign = (secret: string, ...before: string[]) =>
      hmacSha256(secret, ...before, request.body).toString('hex')
    try {
      requireSignature(given, secrets, (secret) => sign(secret, `${timestamp}.`))
    } catch {
      requireSignature(given, secrets, (secret) => sign(secret))
    }
    requireFresh(time, now)
  },
  notice(request) {
    const event = shaped(envelope, readJson(request), 'Jane')
    return topics.includes(event.event_topic)
      ? { id: askableId(event.appointment_id, 'appointment_id'), known: null }
      : null
  },
}
