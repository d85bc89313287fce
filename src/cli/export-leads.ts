import { createWriteStream } from 'node:fs'
import { access, rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import { type ExportedLead, exportLeads as readLeads } from '../actions/export-leads.ts'
import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { guessLeadCount } from '../store/lead-list.ts'

/** Lines between two words on how far it is. */
const progressEvery = 5_000

const iso = (at: Date | null) => at?.toISOString() ?? null
const yes = (is: boolean) => (is ? 'yes' : null)

/** The columns, named so that importing such a file again finds each. */
const columns: Readonly<Record<string, (lead: ExportedLead) => string | null>> = {
  email: (lead) => lead.email,
  first_name: (lead) => lead.firstName,
  last_name: (lead) => lead.lastName,
  phone: (lead) => lead.phone,
  postal_code: (lead) => lead.postalCode,
  time_zone: (lead) => lead.timeZone,
  came_at: (lead) => iso(lead.createdAt),
  source: (lead) => lead.source,
  sequence: (lead) => lead.sequence,
  status: (lead) => lead.status,
  stopped_because: (lead) => lead.stopReason,
  booked: (lead) => yes(lead.booked),
  consent_proof: ({ consentGivenAt, consentBasis, consentText }) =>
    [iso(consentGivenAt), consentBasis, consentText].filter(Boolean).join(', ') || null,
  never_mail: (lead) => yes(lead.suppressed),
}

/**
 * Writes every lead to a CSV file that only its owner may read, page by page, so that their number costs no memory. It
 * has its name once it is whole. No value starts a formula in a spreadsheet, whatever a lead has written.
 * Returns how many lines; throws Problem `conflict` when there is such a file already.
 */
export async function exportLeads(
  ctx: Context,
  input: { file: string; progress: (lines: number, about: number) => void },
): Promise<{ lines: number; suppressed: number }> {
  const { file } = input
  const isThere = await access(file).then(
    () => true,
    () => false,
  )
  if (isThere) throw new Problem('conflict', 'There is such a file already. Name another one.')
  const about = await guessLeadCount(ctx.db)
  const count = { lines: 0, suppressed: 0 }
  async function* lines() {
    for await (const lead of readLeads(ctx)) {
      count.lines++
      if (lead.suppressed) count.suppressed++
      if (count.lines % progressEvery === 0) input.progress(count.lines, about)
      yield Object.values(columns).map((value) => value(lead))
    }
  }
  const part = `${file}.part`
  try {
    await pipeline(
      lines,
      stringify({ header: true, columns: Object.keys(columns), escape_formulas: true }),
      createWriteStream(part, { mode: 0o600 }),
    )
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  return count
}
