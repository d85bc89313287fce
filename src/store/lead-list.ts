import { sql } from 'drizzle-orm'
import type { StopReason } from '../core/enrollment.ts'
import type { Db } from './db.ts'

/** One lead as a list shows it. Times are as PostgreSQL writes them in JSON: ISO 8601, with an offset. */
export type ListedLead = {
  id: string
  email: string
  foldedKey: string
  firstName: string | null
  lastName: string | null
  phone: string | null
  postalCode: string | null
  timeZone: string | null
  createdAt: Date
  /** Name of the source of its first capture. */
  source: string | null
  /** Of the newest enrollment. */
  sequence: string | null
  status: string | null
  stopReason: StopReason | null
  /** A booking of it stands. */
  booked: boolean
  /** Newest proof of consent. */
  consentBasis: string | null
  consentText: string | null
  consentGivenAt: Date | null
}

/**
 * Some leads in the order of their ids, after the one given; those that are erased are left out. Pages instead of a
 * cursor: no snapshot stays open, which would slow down every claim while a long list is written.
 */
export async function listLeads(db: Db, after: string | null, limit: number): Promise<ListedLead[]> {
  const { rows } = await db.execute<ListedLead>(sql`
    select l.id, l.email, l.folded_key as "foldedKey", l.first_name as "firstName", l.last_name as "lastName",
      l.phone, l.postal_code as "postalCode", l.time_zone as "timeZone", l.created_at as "createdAt",
      (select s.name from captures c join sources s on s.id = c.source_id
        where c.lead_id = l.id order by c.received_at, c.id limit 1) as source,
      e.sequence, e.status, e.stop_reason as "stopReason",
      exists (select from bookings b where b.lead_id = l.id and b.status = 'booked') as booked,
      k.basis as "consentBasis", coalesce(k.proof, k.text_version) as "consentText", k.given_at as "consentGivenAt"
    from (select * from leads where ${after === null ? sql`true` : sql`id > ${after}::uuid`} and email is not null
      order by id limit ${limit}) l
    left join lateral (select sequence, status, stop_reason from enrollments where lead_id = l.id
      order by started_at desc, id desc limit 1) e on true
    left join lateral (select basis, proof, text_version, given_at from consents where lead_id = l.id
      order by given_at desc, id desc limit 1) k on true
    order by l.id`)
  return rows.map((row) => ({
    ...row,
    createdAt: new Date(row.createdAt),
    consentGivenAt: row.consentGivenAt && new Date(row.consentGivenAt),
  }))
}

/** About how many leads there are, as PostgreSQL reckons for itself; exact counting reads them all. */
export async function guessLeadCount(db: Db): Promise<number> {
  const { rows } = await db.execute<{ count: number }>(
    sql`select greatest(reltuples, 0)::float8 as count from pg_class where oid = 'leads'::regclass`,
  )
  return rows[0]!.count
}
