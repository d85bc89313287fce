import { getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import {
  alerts,
  bookings,
  captures,
  consents,
  deliveries,
  enrollments,
  leads,
  sequenceDefinitions,
  settings,
  suppressions,
} from '../../drizzle/schema/index.ts'
import type { BookingState } from '../core/booking.ts'
import { envelopeLimit } from '../core/dispatch.ts'
import type { ConsentBasis } from '../core/consent.ts'
import type { Past } from '../core/enrollment.ts'
import type { Db } from './db.ts'
import { keyLock } from './leads.ts'
import { named } from './statement.ts'
import { type AllTimings, stepTimingsKey } from './step-timings.ts'
import { stepsOffKey, type Switched } from './switched-steps.ts'

/**
 * Locks the E.164 numbers of a batch and then its addresses until the transaction ends, in one order, so that two batches
 * never wait for each other. Plans made from here on go through indexes: they are kept while a table grows from nothing
 * to millions. Nor are they compiled: what looks dear before PostgreSQL has counted a table is not, and compiling it takes
 * seconds.
 */
export async function lockContacts(
  db: Db,
  phones: readonly string[],
  foldedKeys: readonly string[],
): Promise<void> {
  await lockEach(db, { keys: JSON.stringify([...[...phones].sort(), ...[...foldedKeys].sort()]) })
}

const lockEach = named(
  'lock_contacts',
  sql`
    select set_config('enable_seqscan', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true),
      set_config('jit', 'off', true),
      count(${keyLock(sql.raw('key'))}::text)
    from jsonb_array_elements_text(${sql.placeholder('keys')}::jsonb) as key`,
)

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

/**
 * Counts the tables that a capture is looked up in. Of a table that it has never counted, PostgreSQL takes any index for
 * as good as another, and its own counting comes up to a minute late: by then a list has made it large.
 */
export async function countTables(db: Db): Promise<void> {
  await db.execute(sql`analyze ${leads}, ${captures}, ${consents}, ${enrollments}, ${deliveries}`)
}

type Row<Table extends PgTable, Names extends keyof Table['$inferInsert']> = {
  // A row says null and leaves nothing out: the columns are fixed.
  [Name in Names]-?: Exclude<Table['$inferInsert'][Name], undefined>
}

const closedNames = ['id', 'status', 'reason', 'leadId', 'outcome', 'fields'] as const
const captureNames = [...closedNames, 'sourceId', 'externalId', 'contentType', 'receivedAt'] as const
const knownLeadNames = [
  'id',
  'email',
  'firstName',
  'lastName',
  'phone',
  'postalCode',
  'country',
  'flags',
  'timeZone',
] as const
const leadNames = [...knownLeadNames, 'emailKey', 'foldedKey'] as const
const consentNames = [
  'id',
  'leadId',
  'captureId',
  'basis',
  'proof',
  'textVersion',
  'pageUrl',
  'givenAt',
] as const
const enrollmentNames = ['id', 'leadId', 'sourceId', 'sequence', 'definitionHash', 'topical'] as const
const definitionNames = ['hash', 'sequence', 'definition'] as const
const deliveryNames = ['id', 'enrollmentId', 'leadId', 'step', 'first', 'dueAt', 'windowClosesAt'] as const
const alertNames = ['id', 'kind', 'captureId', 'sourceId', 'dueAt', 'inDigest'] as const
const bookingNames = ['id', 'leadId', 'matchedBy'] as const

/** All that a batch of captures changes. Whatever says when, says `now`. */
export type CaptureWrites = {
  captures: (Row<typeof captures, (typeof captureNames)[number]> & { body: Uint8Array })[]
  /** Captures that were parked before under the same id. */
  reopened: Row<typeof captures, (typeof closedNames)[number]>[]
  leads: Row<typeof leads, (typeof leadNames)[number]>[]
  /**
   * Leads that filled in again: what came last wins, and what is absent loses nothing. `isOlder`: this came before what
   * is known, so it only fills gaps.
   */
  knownLeads: (Row<typeof leads, (typeof knownLeadNames)[number]> & { isOlder: boolean })[]
  consents: Row<typeof consents, (typeof consentNames)[number]>[]
  /** Sequences as no enrollment had them before. */
  definitions: Row<typeof sequenceDefinitions, (typeof definitionNames)[number]>[]
  enrollments: Row<typeof enrollments, (typeof enrollmentNames)[number]>[]
  deliveries: Row<typeof deliveries, (typeof deliveryNames)[number]>[]
  alerts: Row<typeof alerts, (typeof alertNames)[number]>[]
  /** Bookings that found their lead; one that has found another meanwhile stays with it. */
  bookings: Row<typeof bookings, (typeof bookingNames)[number]>[]
}

/** Writes all of it in one statement. A lost race for a new row shows as a unique violation. */
export async function writeCaptures(db: Db, writes: CaptureWrites, now: Date): Promise<void> {
  let end = 0
  const captureRows = writes.captures.map(({ body, ...row }) => {
    const bodyAt = end + 1
    end += body.length
    return { ...row, bodyAt, bodyLength: body.length }
  })
  await write(db, {
    now: now.toISOString(),
    captures: JSON.stringify(captureRows),
    bodies: Buffer.concat(writes.captures.map(({ body }) => body)),
    reopened: JSON.stringify(writes.reopened),
    leads: JSON.stringify(writes.leads),
    knownLeads: JSON.stringify(writes.knownLeads),
    consents: JSON.stringify(writes.consents),
    definitions: JSON.stringify(writes.definitions),
    enrollments: JSON.stringify(writes.enrollments),
    deliveries: JSON.stringify(writes.deliveries),
    alerts: JSON.stringify(writes.alerts),
    bookings: JSON.stringify(writes.bookings),
  })
}

/** The rows of a JSON array, keyed as the schema names its columns: `row."leadId"` is a uuid. `more` are no columns. */
function rowsOf(
  table: PgTable,
  parameter: keyof CaptureWrites,
  names: readonly string[],
  more: readonly SQL[] = [],
): SQL {
  const all = getTableColumns(table)
  const types = names.map((name) => sql.raw(`"${name}" ${all[name]!.getSQLType()}`))
  return sql`jsonb_to_recordset(${sql.placeholder(parameter)}::jsonb)
    as row (${sql.join([...types, ...more], sql`, `)})`
}

/** Inserts the rows of a JSON array; `extra` are columns that are reckoned here. */
function insertRows<Table extends PgTable>(
  table: Table,
  parameter: keyof CaptureWrites,
  names: readonly (keyof Table['_']['columns'] & string)[],
  extra: Record<string, SQL>,
  more: readonly SQL[] = [],
): SQL {
  const all = getTableColumns(table)
  const columns = [...names, ...Object.keys(extra)].map((name) => sql.identifier(all[name]!.name))
  const values = [...names.map((name) => sql.raw(`row."${name}"`)), ...Object.values(extra)]
  return sql`insert into ${table} (${sql.join(columns, sql`, `)})
    select ${sql.join(values, sql`, `)} from ${rowsOf(table, parameter, names, more)}`
}

const now = sql`${sql.placeholder('now')}::timestamptz`
// All bodies travel as one parameter, as bytes: in JSON each would be twice as long.
const body = sql`substring(${sql.placeholder('bodies')}::bytea from row."bodyAt" for row."bodyLength")`

/** What came last, else what is known; nothing that is known is lost. */
function newest(names: readonly ('firstName' | 'lastName' | 'phone' | 'postalCode' | 'country')[]): SQL {
  const sets = names.map((name) => {
    const [known, told] = [sql.raw(`l."${leads[name].name}"`), sql.raw(`row."${name}"`)]
    return sql`${sql.identifier(leads[name].name)} =
      case when row."isOlder" then coalesce(${known}, ${told}) else coalesce(${told}, ${known}) end`
  })
  return sql.join(sets, sql`, `)
}

const write = named(
  'write_captures',
  sql`
    with new_captures as (
      ${insertRows(captures, 'captures', captureNames, { body }, [sql`"bodyAt" int`, sql`"bodyLength" int`])}
    ), reopened as (
      update ${captures} c set status = row.status, reason = row.reason, lead_id = coalesce(row."leadId", c.lead_id),
        outcome = coalesce(row.outcome, c.outcome), fields = coalesce(row.fields, c.fields)
      from ${rowsOf(captures, 'reopened', closedNames)} where c.id = row.id and c.status = 'parked'
    ), new_leads as (
      ${insertRows(leads, 'leads', leadNames, { createdAt: now, updatedAt: now })}
    ), known_leads as (
      update ${leads} l set email = row.email, flags = row.flags, time_zone = row."timeZone",
        updated_at = case when row."isOlder" then l.updated_at else ${now} end, ${newest(['firstName', 'lastName', 'phone', 'postalCode', 'country'])}
      from ${rowsOf(leads, 'knownLeads', knownLeadNames, [sql`"isOlder" boolean`])} where l.id = row.id
    ), new_consents as (
      ${insertRows(consents, 'consents', consentNames, {})}
    ), new_definitions as (
      ${insertRows(sequenceDefinitions, 'definitions', definitionNames, { createdAt: now })}
      on conflict do nothing
    ), new_enrollments as (
      ${insertRows(enrollments, 'enrollments', enrollmentNames, { status: sql`'active'`, startedAt: now })}
    ), new_deliveries as (
      ${insertRows(deliveries, 'deliveries', deliveryNames, {
        status: sql`'waiting'`,
        groupLimit: sql.raw(String(envelopeLimit)),
        createdAt: now,
      })}
    ), new_alerts as (
      ${insertRows(alerts, 'alerts', alertNames, {
        status: sql`'waiting'`,
        attempts: sql`0`,
        nextAttemptAt: sql`clock_timestamp()`,
        createdAt: now,
      })}
      on conflict do nothing
    )
    update ${bookings} b set lead_id = row."leadId", matched_by = row."matchedBy"
    from ${rowsOf(bookings, 'bookings', bookingNames)}
    where b.id = row.id and b.lead_id is null`,
)
