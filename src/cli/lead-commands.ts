import { userInfo } from 'node:os'
import { defineCommand } from 'citty'
import { eraseLead } from '../actions/erase-lead.ts'
import { liftSuppression } from '../actions/lift-suppression.ts'
import { markBooked } from '../actions/mark-booked.ts'
import { stopByStaff } from '../actions/stop-by-staff.ts'
import { emailKey } from '../core/email-address.ts'
import { Problem } from '../core/problem.ts'
import { findLeadByEmail } from '../store/leads.ts'
import { readSuppressions } from '../store/suppressions.ts'
import { readTimeline } from '../store/timeline.ts'
import { zoneOf } from '../actions/zone-of.ts'
import { localTime } from './local-time.ts'
import { timelineLines } from './print-timeline.ts'
import { withService } from './with-service.ts'
import type { Service } from './wire.ts'

const email = { type: 'positional', required: true, description: "the lead's address" } as const
const actor = () => `cli: ${userInfo().username}`

async function leadOf({ ctx }: Service, address: string) {
  const lead = await findLeadByEmail(ctx.db, emailKey(address))
  if (!lead) throw new Problem('not-found', 'No lead has that address.')
  return lead
}

export const leadCommands = {
  show: defineCommand({
    meta: { description: 'What happened to a lead, and what comes next' },
    args: { email },
    run: ({ args }) =>
      withService(async (service) => {
        const lead = await leadOf(service, args.email)
        const zone = zoneOf(service.ctx, lead)
        if (lead.flags.length > 0) console.log(`Address: ${lead.flags.join(', ')}.`)
        for (const line of timelineLines(await readTimeline(service.ctx.db, lead.id), zone)) console.log(line)
        const hashes = service.ctx.suppression.lookups(lead.foldedKey!)
        for (const { reason, since } of await readSuppressions(service.ctx.db, hashes))
          console.log(`Suppressed since ${localTime(since, zone)}: ${reason}. Nothing is mailed.`)
        if (lead.reopenedAt) console.log(`A suppression was lifted ${localTime(lead.reopenedAt, zone)}.`)
      }),
  }),
  unsuppress: defineCommand({
    meta: { description: 'Lift the suppression of an address, on record; nothing is mailed by that' },
    args: {
      email: { type: 'positional', required: true, description: 'the suppressed address' },
      because: { type: 'string', required: true, description: 'why, and who asked for it' },
    },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        const { email: address, because } = args
        const reasons = await liftSuppression(ctx, { email: address, because, actor: actor() })
        console.log(
          `Lifted (${reasons.join(', ')}). Only a form that comes from now on can enroll the lead again.`,
        )
        if (reasons.some((reason) => reason !== 'unsubscribed' && reason !== 'staff'))
          console.log(
            'Resend may still refuse the address: see its own suppression list. A complaint weighs on the sender.',
          )
      }),
  }),
  stop: defineCommand({
    meta: { description: 'Send a lead nothing more of what runs' },
    args: { email },
    run: ({ args }) =>
      withService(async (service) => {
        const lead = await leadOf(service, args.email)
        const stopped = await stopByStaff(service.ctx, { leadId: lead.id, actor: actor() })
        console.log(stopped > 0 ? 'Stopped.' : 'Nothing was running.')
      }),
  }),
  booked: defineCommand({
    meta: { description: 'Mark a lead as booked, which stops its mails' },
    args: { email },
    run: ({ args }) =>
      withService(async (service) => {
        const lead = await leadOf(service, args.email)
        await markBooked(service.ctx, { leadId: lead.id, actor: actor() })
        console.log('Marked as booked.')
      }),
  }),
  erase: defineCommand({
    meta: { description: "Erase a lead's personal data for good" },
    args: { email },
    run: ({ args }) =>
      withService(async ({ ctx }) => {
        const erased = await eraseLead(ctx, { email: args.email, actor: actor() })
        if (!erased) throw new Problem('not-found', 'No lead has that address.')
        console.log('Erased. A suppression, if there was one, stays as a keyed hash.')
      }),
  }),
}
