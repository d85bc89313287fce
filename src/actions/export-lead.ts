import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { readSentMail } from '../store/kept-mails.ts'
import { readLeadFile } from '../store/lead-file.ts'
import { findLead } from '../store/leads.ts'
import { readSuppressions } from '../store/suppressions.ts'

/**
 * All that is stored about one person, for a request to see it: rows as they are, bodies as text, mails word for word
 * where they are kept. Who asked for it is on record. Throws Problem `not-found` when there is no such lead.
 */
export async function exportLead(ctx: Context, input: { leadId: string; actor: string }) {
  const { leadId, actor } = input
  const lead = await findLead(ctx.db, leadId)
  if (!lead) throw new Problem('not-found', 'There is no such lead.')
  const now = ctx.clock.now()
  const { captures, deliveries, events, ...file } = await readLeadFile(ctx.db, leadId)
  const mails = []
  for (const { kept, dispatch: _, ...delivery } of deliveries)
    mails.push({ ...delivery, mail: kept ? await readSentMail(ctx.db, delivery) : null })
  const hashes = lead.foldedKey === null ? [] : ctx.suppression.lookups(lead.foldedKey)
  const suppressions = hashes.length === 0 ? [] : await readSuppressions(ctx.db, hashes)
  await insertAudit(ctx.db, { actor, action: 'export', subject: leadId }, now)
  return {
    exportedAt: now,
    lead,
    suppressions,
    captures: captures.map(withText),
    deliveries: mails,
    events: events.map(withText),
    ...file,
  }
}

const withText = <T extends { body: Buffer | null }>(row: T) => ({
  ...row,
  body: row.body?.toString('utf8') ?? null,
})
