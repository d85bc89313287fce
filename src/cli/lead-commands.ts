import { userInfo } from 'node:os'
import { defineCommand } from 'citty'
import { eraseLead } from '../actions/erase-lead.ts'
import { markBooked } from '../actions/mark-booked.ts'
import { stopLead } from '../actions/stop-lead.ts'
import { emailKey } from '../core/email-address.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { findLeadByEmail, lockAddress } from '../store/leads.ts'
import { readTimeline } from '../store/timeline.ts'
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
        for (const line of timelineLines(await readTimeline(service.ctx.db, lead.id), lead.timeZone))
          console.log(line)
      }),
  }),
  stop: defineCommand({
    meta: { description: 'Send a lead nothing more of what runs' },
    args: { email },
    run: ({ args }) =>
      withService(async (service) => {
        const { ctx } = service
        const lead = await leadOf(service, args.email)
        const stopped = await inTransaction(ctx.db, async (tx) => {
          await lockAddress(tx, lead.foldedKey!)
          await insertAudit(tx, { actor: actor(), action: 'stop', subject: lead.id }, ctx.clock.now())
          return stopLead(ctx, tx, { leadId: lead.id, reason: 'staff' })
        })
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
