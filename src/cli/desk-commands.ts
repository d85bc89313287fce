import { userInfo } from 'node:os'
import { defineCommand } from 'citty'
import { validate as isUuid } from 'uuid'
import { replayCapture } from '../actions/replay-capture.ts'
import { replayEvent } from '../actions/replay-event.ts'
import { resumeSending } from '../actions/resume-sending.ts'
import { oneLine } from '../capture/text.ts'
import { Problem } from '../core/problem.ts'
import { listDoubtfulBookings } from '../store/bookings.ts'
import { findReplayableCapture, listParkedCaptures, listSuspects } from '../store/captures.ts'
import { listMailsInTrouble } from '../store/troubled-deliveries.ts'
import { listUpcoming } from '../store/upcoming.ts'
import { readHealth } from '../store/health.ts'
import { listParkedEvents } from '../store/events.ts'
import { zoneOf } from '../actions/zone-of.ts'
import { localTime } from './local-time.ts'
import { withService } from './with-service.ts'

const most = 200
const day = 86_400_000
const actor = () => `cli: ${userInfo().username}`

/** What goes out in the next days, in each lead's own time. */
export const upcoming = defineCommand({
  args: { days: { type: 'string', default: '7', description: 'how many days ahead, at most 366' } },
  run: ({ args }) =>
    withService(async ({ ctx }) => {
      const days = Number(args.days)
      if (!(days > 0 && days <= 366)) throw new Problem('config', '--days: expected a number from 1 to 366.')
      const rows = await listUpcoming(ctx.db, new Date(ctx.clock.now().getTime() + days * day), most)
      for (const row of rows)
        console.log(
          `${localTime(row.dueAt, zoneOf(ctx, row)).padEnd(30)} ${row.step.padEnd(10)} ${row.email}`,
        )
      console.log(rows.length === most ? `The first ${most}.` : `${rows.length} in the next ${days} days.`)
    }),
})

/** What waits for a person: captures and events that could not be understood, mails that could not go out. */
export const parked = defineCommand({
  args: {
    bots: { type: 'boolean', default: false, description: 'what was taken for a program, and never mailed' },
  },
  run: ({ args }) =>
    withService(async ({ ctx }) => {
      if (args.bots) return printSuspects(await listSuspects(ctx.db, most))
      const captures = await listParkedCaptures(ctx.db, most)
      const events = await listParkedEvents(ctx.db, most)
      const deliveries = await listMailsInTrouble(ctx.db, most)
      const bookings = await listDoubtfulBookings(ctx.db, most)
      for (const { id, source, receivedAt, bytes, reason } of captures)
        console.log(`capture  ${id}  ${receivedAt.toISOString()}  ${source}, ${bytes} bytes: ${reason}`)
      for (const { id, provider, receivedAt, reason } of events)
        console.log(`event    ${id}  ${receivedAt.toISOString()}  ${provider}: ${reason}`)
      for (const { id, step, status, reason } of deliveries)
        console.log(`delivery ${id}  ${step} ${status}: ${reason}`)
      for (const { id, tool, status, startsAt, createdAt, doubt } of bookings)
        console.log(
          `booking  ${id}  ${createdAt.toISOString()}  ${tool}, ${status}, for ${startsAt?.toISOString() ?? 'an unknown time'}: ${doubt}`,
        )
      if (captures.length + events.length + deliveries.length + bookings.length === 0)
        console.log('Nothing waits.')
      else {
        console.log('A capture or event, once its cause is mended: npm run nurture -- replay <id>')
        console.log(
          'A booking: npm run nurture -- booking assign <id> <address of its lead>, or booking nobody <id>',
        )
        console.log(
          'A delivery: npm run nurture -- delivery retry <id>, or delivery skip <id>, or delivery sent <id>',
        )
      }
    }),
})

function printSuspects(suspects: Awaited<ReturnType<typeof listSuspects>>): void {
  for (const { id, source, receivedAt, start, reason } of suspects) {
    console.log(`capture  ${id}  ${receivedAt.toISOString()}  ${source}: ${reason}`)
    // A person has to tell who wrote it.
    console.log(`         ${oneLine(start, 300)}`)
  }
  if (suspects.length === 0) console.log('Nothing was taken for a bot.')
  else console.log('A person after all: npm run nurture -- replay <id>')
}

/** Tries a parked capture or event again. */
export const replay = defineCommand({
  args: {
    id: { type: 'positional', required: true, description: 'id that `parked` or `parked --bots` shows' },
  },
  run: ({ args }) =>
    withService(async ({ ctx }) => {
      if (!isUuid(args.id))
        throw new Problem('not-found', `Nothing parked or suspected has the id ${args.id}.`)
      if (await findReplayableCapture(ctx.db, args.id)) {
        const result = await replayCapture(ctx, { captureId: args.id, actor: actor() })
        console.log(`The capture is ${result.status} now.`)
        return
      }
      await replayEvent(ctx, { eventId: args.id, actor: actor() }).catch((error: unknown) => {
        if (!(error instanceof Problem)) throw error
        throw new Problem('not-found', `Nothing parked or suspected has the id ${args.id}.`)
      })
      console.log('The event was tried again. See `parked` for what is left.')
    }),
})

/** Ends a pause. */
export const resume = defineCommand({
  run: () =>
    withService(async ({ ctx }) => {
      const ended = await resumeSending(ctx, { actor: actor() })
      console.log(ended ? 'Sending again.' : 'Sending was not paused.')
    }),
})

/** The same as the health page; exit code 1 when no worker ticks. */
export const health = defineCommand({
  run: () =>
    withService(async ({ ctx }) => {
      const report = await readHealth(ctx.db, ctx.clock.now(), ctx.config.sending.dailyQuota)
      console.log(JSON.stringify(report, null, 2))
      if (report.status === 'stalled') process.exitCode = 1
    }),
})
