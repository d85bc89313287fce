import { sql } from 'drizzle-orm'
import { importAdapter, storedOnly } from '../core/capture.ts'
import type { Db } from './db.ts'

/** What speaks for and against a mail that asks a lead to book again. */
export type RebookFacts = {
  /** The source of the newest form that came with a consent, confirmed where the source asks for that; null when there is none, or the newest form refused. A list that was only stored asks for no mail. */
  sourceId: string | null
  /** An enrollment of the lead was stopped because mail is not wanted, or does not arrive. */
  unwanted: boolean
  /** Such a mail went out, or may be on its way: for this booking, or since the given time. */
  sent: boolean
}

/** `previousEnrollmentId`: what the last mail about this booking was of. */
export async function readRebookFacts(
  db: Db,
  input: { leadId: string; sequence: string; previousEnrollmentId: string | null; since: Date },
): Promise<RebookFacts> {
  const { leadId, sequence, previousEnrollmentId, since } = input
  const { rows } = await db.execute<RebookFacts>(sql`
    select
      case when coalesce((select fields ->> 'consent' from captures
          where lead_id = ${leadId} and status = 'mapped' order by received_at desc, id desc limit 1), '') <> 'false'
        then (select c.source_id from consents k join captures c on c.id = k.capture_id
            join sources s on s.id = c.source_id
          where k.lead_id = ${leadId} and not (s.adapter = ${importAdapter} and starts_with(c.external_id, ${storedOnly}))
            and (not s.double_opt_in or exists (
              select from consents y where y.lead_id = k.lead_id and y.basis = 'confirmed')) order by k.given_at desc, k.id desc limit 1) end as "sourceId",
      exists (select from enrollments where lead_id = ${leadId} and stop_reason is not null
        and stop_reason not in ('booked', 'replied')) as unwanted,
      exists (select from deliveries d join enrollments e on e.id = d.enrollment_id
        where e.lead_id = ${leadId} and e.sequence = ${sequence} and d.status not in ('waiting', 'cancelled')
          and (e.id = ${previousEnrollmentId}::uuid or e.started_at > ${since})) as sent`)
  return rows[0]!
}
