import { userInfo } from 'node:os'
import { defineCommand } from 'citty'
import { validate as isUuid } from 'uuid'
import { assignBooking } from '../actions/assign-booking.ts'
import { disownBooking } from '../actions/disown-booking.ts'
import { Problem } from '../core/problem.ts'
import { importBookings } from './import-bookings.ts'
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
  nobody: defineCommand({
    meta: { description: 'Say that a booking in doubt is no lead’s' },
    args: { id: { type: 'positional', required: true, description: 'id that `parked` shows' } },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        if (!isUuid(args.id)) throw new Problem('not-found', `No booking ${args.id}.`)
        await disownBooking(ctx, { bookingId: args.id, actor: actor() })
        console.log('Noted as nobody’s. A lead who was stopped because of this booking before stays stopped.')
      }),
  }),
}

export const bookingsCommands = {
  import: defineCommand({
    meta: { description: 'Take a CSV list of appointments, matched by address or phone number' },
    args: {
      file: { type: 'positional', required: true, description: 'the CSV file, with a line of column names' },
      tool: {
        type: 'string',
        default: 'csv',
        description: 'the tool that the list comes from, such as jane',
      },
      'dry-run': {
        type: 'boolean',
        default: false,
        description: 'say what would happen, and change nothing',
      },
    },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        const progress = (lines: number) => console.error(`${lines} lines`)
        const dryRun = args['dry-run']
        const report = await importBookings(ctx, { file: args.file, tool: args.tool, dryRun, progress })
        const { lines, recorded, kept, doubtful, unchanged, past, failed, errorFile } = report
        console.log(
          `${dryRun ? 'A dry run, nothing was changed. ' : ''}${lines} lines: ${recorded} recorded for a lead, ` +
            `${kept} kept for nobody yet, ${unchanged} known already, ${past} past or not ours, ` +
            `${doubtful} for a person to look at, ${failed} wrong.`,
        )
        if (doubtful > 0 && !dryRun) console.log('Whose those are: npm run nurture -- parked')
        if (failed > 0) {
          console.log(`What is wrong with which line: ${errorFile}`)
          process.exitCode = 1
        }
      }),
  }),
}
