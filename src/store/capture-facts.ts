import { sql } from 'drizzle-orm'
import {
  bookings,
  captures,
  consents,
  enrollments,
  leads,
  settings,
  suppressions,
} from '../../drizzle/schema/index.ts'
import type { BookingState } from '../core/booking.ts'
import type { ConsentBasis } from '../core/consent.ts'
import type { Past } from '../core/enrollment.ts'
import type { Db } from './db.ts'
import { named } from './statement.ts'
import { type AllTimings, stepTimingsKey } from './step-timings.ts'
import { stepsOffKey, type Switched } from './switched-steps.ts'

/** What to look up for one capture. `emailKey` is null for one that has no lead; `phone` is E.164. */
export type CaptureLookup = {
  sourceId: string
  externalId: string
  emailKey: string | null
  phone: string | null
  /**
   * The address as suppression folds it, where nobody vouches for who sent it: whoever has the same mailbox is then
   * taken for the same lead. Null where the source is verified.
   */
  mailboxKey: string | null
  suppressionHashes: readonly Buffer[]
}

/** What is known when a capture comes in. */
export type CaptureFacts = {
  /** The same submission, when it came before. */
  capture: { id: string; status: (typeof captures.$inferSelect)['status']; leadId: string | null } | null
  lead: {
    id: string
    email: string
    timeZone: string | null
    phone: string | null
    country: string | null
    /** When the newest form came that it was told by. */
    updatedAt: Date
  } | null
  /** Newest first, without what ended before a person lifted the lead's suppression: that stands against nothing. */
  enrollments: readonly Past[]
  /** What the lead agreed to so far, each once, without what came before a suppression that a person lifted. */
  bases: readonly ConsentBasis[]
  suppressed: boolean
  /** Those of the lead, and those of its address or number, whether or not they belong to somebody else by now. */
  bookings: readonly KnownBooking[]
  /** Another lead has the same phone number. */
  phoneShared: boolean
}

/** What a booking says about whose it is, and about whether it stands. */
export type KnownBooking = { id: string } & Pick<
  BookingState,
  | 'leadId'
  | 'emailKey'
  | 'matchedBy'
  | 'doubt'
  | 'status'
  | 'stood'
  | 'cancelledBy'
  | 'startsAt'
  | 'occurredAt'
>

/** In JSON an instant is text. */
type BookingRow = Omit<KnownBooking, 'startsAt' | 'occurredAt'> & {
  startsAt: string | null
  occurredAt: string
}

type LeadRow = Omit<NonNullable<CaptureFacts['lead']>, 'updatedAt'> & { updatedAt: string }

type PastRow = Omit<Past, 'endedAt'> & { endedAt: string | null }

type FactsRow = Omit<CaptureFacts, 'lead' | 'bookings' | 'enrollments'> & {
  lead: LeadRow | null
  bookings: BookingRow[]
  enrollments: PastRow[]
  stepsOff: Switched | null
  timings: AllTimings | null
}

/**
 * Everything that decides what becomes of a batch of captures, in its order. The caller holds the locks of their
 * addresses since an earlier statement: this one sees what was committed before they were granted.
 */
export async function readCaptureFacts(
  db: Db,
  lookups: readonly CaptureLookup[],
): Promise<{ facts: CaptureFacts[]; stepsOff: Switched; timings: AllTimings }> {
  const wanted = lookups.map(({ suppressionHashes, ...lookup }, position) => ({
    ...lookup,
    position,
    hashes: suppressionHashes.map((hash) => `\\x${hash.toString('hex')}`),
  }))
  const rows = await readFacts(db, { wanted: JSON.stringify(wanted) })
  const facts = rows.map((row) => ({
    ...row,
    lead: row.lead && { ...row.lead, updatedAt: new Date(row.lead.updatedAt) },
    bookings: row.bookings.map(readBooking),
    enrollments: row.enrollments.map((past) => ({
      ...past,
      endedAt: past.endedAt === null ? null : new Date(past.endedAt),
    })),
  }))
  return { facts, stepsOff: rows[0]?.stepsOff ?? {}, timings: rows[0]?.timings ?? {} }
}

const readBooking = ({ startsAt, occurredAt, ...booking }: BookingRow): KnownBooking => ({
  ...booking,
  startsAt: startsAt === null ? null : new Date(startsAt),
  occurredAt: new Date(occurredAt),
})

// Each lookup is a subquery through an index: a join could read a whole table, and so could `in (select …)`, which is
// planned as one while a new installation's tables are still empty. So could `b.lead_id is null`, which an
// index would find all over the table: which bookings are nobody's is decided by whoever reads this.
const readFacts = named<FactsRow>(
  'read_capture_facts',
  sql`
    select
      (select jsonb_build_object('id', c.id, 'status', c.status, 'leadId', c.lead_id) from ${captures} c
        where c.source_id = wanted."sourceId" and c.external_id = wanted."externalId" limit 1) as capture,
      case when lead.id is not null then jsonb_build_object('id', lead.id, 'email', lead.email,
        'timeZone', lead.time_zone, 'phone', lead.phone, 'country', lead.country,
        'updatedAt', lead.updated_at) end as lead,
      array(select jsonb_build_object('sequence', e.sequence, 'status', e.status, 'endedAt', e.ended_at) from ${enrollments} e
        where e.lead_id = any(array(
          select lead.id union select l.id from ${leads} l where l.folded_key = wanted."mailboxKey"))
        and (lead.reopened_at is null or e.ended_at is null or e.ended_at > lead.reopened_at)
        order by e.started_at desc, e.id desc) as enrollments,
      array(select distinct k.basis from ${consents} k where k.lead_id = lead.id
        and (lead.reopened_at is null or k.given_at > lead.reopened_at)) as bases,
      exists (select from ${suppressions} s where s.hash = any(wanted.hashes)) as suppressed,
      array(select jsonb_build_object('id', b.id, 'leadId', b.lead_id, 'emailKey', b.email_key, 'matchedBy', b.matched_by, 'doubt', b.doubt,
          'status', b.status, 'stood', b.stood, 'cancelledBy', b.cancelled_by, 'startsAt', b.starts_at,
          'occurredAt', b.occurred_at) from ${bookings} b
        where b.lead_id = lead.id or b.email_key = wanted."emailKey"
          or b.phone = coalesce(wanted.phone, lead.phone)) as bookings,
      exists (select from ${leads} l where l.phone = coalesce(wanted.phone, lead.phone)
        and l.id is distinct from lead.id) as "phoneShared",
      (select value from ${settings} where key = ${sql.raw(`'${stepsOffKey}'`)}) as "stepsOff",
      (select value from ${settings} where key = ${sql.raw(`'${stepTimingsKey}'`)}) as timings
    from jsonb_to_recordset(${sql.placeholder('wanted')}::jsonb)
      as wanted (position int, "sourceId" uuid, "externalId" text, "emailKey" text, "mailboxKey" text, phone text,
        hashes bytea[])
    left join lateral (
      (select l.id, l.email, l.time_zone, l.phone, l.country, l.updated_at, l.reopened_at from ${leads} l
        where l.email_key = wanted."emailKey" limit 1)
      union all
      (select l.id, l.email, l.time_zone, l.phone, l.country, l.updated_at, l.reopened_at from ${leads} l
        where l.folded_key = wanted."mailboxKey" order by l.created_at, l.id limit 1)
      limit 1) lead on true
    order by wanted.position`,
)
