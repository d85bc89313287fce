import { userInfo } from 'node:os'
import { defineCommand } from 'citty'
import { validate as isUuid } from 'uuid'
import { assignBooking } from '../actions/assign-booking.ts'
import { Problem } from '../core/problem.ts'
import { withService } from './with-service.ts'

const actor = () => `cli: ${userInfo().username}`

export const bookingCommands = {
  assign: defineCommand({
    meta: { description: 'Say whose a booking is, which stops the mails of that lead' },
    args: {
      id: { type: 'positional', required: true, description: 'id that `parked` shows' },
      email: { type: 'positional', required: true, description: "the lead's address" },
    },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        if (!isUuid(args.id)) throw new Problem('not-found', `No booking ${args.id}.`)
        await assignBooking(ctx, { bookingId: args.id, email: args.email, actor: actor() })
        console.log('Assigned. A lead who was stopped because of this booking before stays stopped.')
      }),
  }),
}
