import { z } from 'zod'
import { normaliseEmail } from '../../capture/values/email.ts'
import { normalisePhone } from '../../capture/values/phone.ts'
import type { BookingReader } from '../../core/booking.ts'
import { ask, type ToolApi } from '../../ask-tool.ts'

const answered = z.object({
  customer: z.object({
    id: z.string(),
    email_address: z.string().nullish(),
    phone_number: z.string().nullish(),
  }),
})

/** Reads who a booking's customer is from Square (developer.squareup.com, RetrieveCustomer; needs CUSTOMERS_READ). */
export function createSquareReader(options: ToolApi & { accessToken: string }): BookingReader {
  return {
    async read({ id, known }) {
      if (id === null || known === null) return { outcome: 'read', event: known }
      const answer = await ask(
        options,
        `/v2/customers/${encodeURIComponent(id)}`,
        `Bearer ${options.accessToken}`,
      )
      if (answer.outcome === 'failed') return answer
      // The customer was deleted; that the booking was made or cancelled is still true.
      if (answer.outcome === 'gone') return { outcome: 'read', event: known }
      const customer = answered.safeParse(answer.body).data?.customer
      if (customer?.id !== id)
        return { outcome: 'failed', reason: 'the answer is not the customer asked for' }
      return {
        outcome: 'read',
        event: {
          ...known,
          email: normaliseEmail(customer.email_address ?? ''),
          phone: normalisePhone(customer.phone_number ?? ''),
        },
      }
    },
  }
}
