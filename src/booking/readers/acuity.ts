import { z } from 'zod'
import { instant } from '../../capture/text.ts'
import { normaliseEmail } from '../../capture/values/email.ts'
import { normalisePhone } from '../../capture/values/phone.ts'
import type { BookingReader } from '../../core/booking.ts'
import { ask, type ToolApi } from '../../ask-tool.ts'

/** `noShow` and the place of our link's token are not confirmed; without them nothing is lost but what they tell. */
const appointment = z.object({
  id: z.union([z.string().min(1), z.number()]),
  email: z.string().nullish(),
  phone: z.string().nullish(),
  datetime: z.string().nullish(),
  canceled: z.boolean().nullish(),
  noShow: z.boolean().nullish().catch(null),
})

/**
 * Reads one appointment from Acuity (developers.acuityscheduling.com, appointments by id; basic auth of user id and API
 * key). The answer is how things stand now, so it is dated with the moment at which we asked: `now`, domain time.
 */
export function createAcuityReader(
  options: ToolApi & { userId: string; apiKey: string; now: () => Date },
): BookingReader {
  const authorization = `Basic ${Buffer.from(`${options.userId}:${options.apiKey}`).toString('base64')}`
  return {
    async read({ id }) {
      if (id === null) return { outcome: 'read', event: null }
      const askedAt = options.now().toISOString()
      const answer = await ask(options, `/api/v1/appointments/${encodeURIComponent(id)}`, authorization)
      if (answer.outcome === 'failed') return answer
      if (answer.outcome === 'gone') return { outcome: 'read', event: null }
      const { data: one } = appointment.safeParse(answer.body)
      if (!one || String(one.id) !== id)
        return { outcome: 'failed', reason: 'the answer is not the appointment asked for' }
      return {
        outcome: 'read',
        event: {
          kind: one.canceled ? 'cancelled' : one.noShow ? 'no-show' : 'booked',
          externalId: id,
          eventId: id,
          token: null,
          email: normaliseEmail(one.email ?? ''),
          phone: normalisePhone(one.phone ?? ''),
          startsAt: instant(one.datetime ?? null),
          endsAt: null,
          occurredAt: askedAt,
        },
      }
    },
  }
}
