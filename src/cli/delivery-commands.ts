import { userInfo } from 'node:os'
import { defineCommand } from 'citty'
import { settleDelivery } from '../actions/settle-delivery.ts'
import { withService } from './with-service.ts'

const id = { type: 'positional', required: true, description: 'id that `parked` shows' } as const
const actor = () => `cli: ${userInfo().username}`

export const deliveryCommands = {
  retry: defineCommand({
    meta: { description: 'Send a failed or parked mail again: only when you know that it did not arrive' },
    args: { id },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        await settleDelivery(ctx, { deliveryId: args.id, choice: 'retry', actor: actor() })
        console.log('It waits to be sent again, in its window.')
      }),
  }),
  sent: defineCommand({
    meta: { description: 'Say that a parked mail did arrive, and go on with the next step' },
    args: { id },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        await settleDelivery(ctx, { deliveryId: args.id, choice: 'sent', actor: actor() })
        console.log('Noted as sent. The enrollment runs again.')
      }),
  }),
  skip: defineCommand({
    meta: { description: 'Leave a failed or parked mail as it is and go on with the next step' },
    args: { id },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        await settleDelivery(ctx, { deliveryId: args.id, choice: 'skip', actor: actor() })
        console.log('Skipped. The enrollment runs again.')
      }),
  }),
}
