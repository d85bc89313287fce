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
  settings,
  suppressions,
} from '../../drizzle/schema/index.ts'
import { envelopeLimit } from '../core/dispatch.ts'
import type { EnrollmentStatus } from '../core/enrollment.ts'
import type { Db } from './db.ts'
import { addressLock } from './leads.ts'
import { named } from './named.ts'
import { stepsOffKey, type Switched } from './switched-steps.ts'

/**
 * Locks the addresses of a batch until the transaction ends, in one order, so that two batches never wait for each
 * other. Plans made from here on go through indexes: they are kept while a table grows from nothing to millions.
 */
export async function lockAddresses(db: Db, foldedKeys: readonly string[]): Promise<void> {
  await lockEach(db, { keys: JSON.stringify([...foldedKeys].sort()) })
}

const lockEach = named(
  'lock_addresses',
  sql`
    select set_config('enable_seqscan', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true), ${addressLock(sql.raw('key'))}
    from jsonb_array_elements_text(${sql.placeholder('keys')}::jsonb) as key`,
)

/** What to look up for one capture. `emailKey` is null for one that has no lead. */
export type CaptureLookup = {
  sourceId: string
  externalId: string
  emailKey: string | null
  suppressionHashes: readonly Buffer[]
}

/** What is known when a capture comes in. */
export type CaptureFacts = {
  /** The same submission, when it came before. */
  capture: { id: string; status: (typeof captures.$inferSelect)['status']; leadId: string | null } | null
  lead: { id: string; timeZone: string } | null
  /** Newest first. */
  enrollments: readonly EnrollmentStatus[]
  suppressed: boolean
  /** The newest standing booking of the lead, or of its address when it came before the lead did. */
  booking: { id: string; leadId: string | null } | null
}

type FactsRow = CaptureFacts & { stepsOff: Switched | null }

/**
 * Everything that decides what becomes of a batch of captures, in its order. The caller holds the locks of their
 * addresses since an earlier statement: this one sees what was committed before they were granted.
 */
export async function readCaptureFacts(
  db: Db,
  lookups: readonly CaptureLookup[],
): Promise<{ facts: CaptureFacts[]; stepsOff: Switched }> {
  const wanted = lookups.map(({ suppressionHashes, ...lookup }, position) => ({
    ...lookup,
    position,
    hashes: suppressionHashes.map(hexOf),
  }))
  const rows = await readFacts(db, { wanted: JSON.stringify(wanted) })
  return { facts: rows, stepsOff: rows[0]?.stepsOff ?? {} }
}

// Each lookup is a subquery with a limit: a join could read a whole table.
const readFacts = named<FactsRow>(
  'read_capture_facts',
  sql`
    select
      (select jsonb_build_object('id', c.id, 'status', c.status, 'leadId', c.lead_id) from ${captures} c
        where c.source_id = wanted."sourceId" and c.external_id = wanted."externalId" limit 1) as capture,
      case when lead.id is not null then jsonb_build_object('id', lead.id, 'timeZone', lead.time_zone) end as lead,
      array(select e.status::text from ${enrollments} e where e.lead_id = lead.id
        order by e.started_at desc, e.id desc) as enrollments,
      exists (select from ${suppressions} s where s.hash = any(wanted.hashes)) as suppressed,
      (select jsonb_build_object('id', b.id, 'leadId', b.lead_id) from ${bookings} b
        where b.status = 'booked' and (b.lead_id = lead.id or b.email_key = wanted."emailKey")
        order by b.occurred_at desc limit 1) as booking,
      (select value from ${settings} where key = ${sql.raw(`'${stepsOffKey}'`)}) as "stepsOff"
    from jsonb_to_recordset(${sql.placeholder('wanted')}::jsonb)
      as wanted (position int, "sourceId" uuid, "externalId" text, "emailKey" text, hashes bytea[])
    left join lateral (select l.id, l.time_zone from ${leads} l where l.email_key = wanted."emailKey" limit 1) lead
      on true
    order by wanted.position`,
)

type Row<Table extends PgTable, Names extends keyof Table['$inferInsert']> = {
  // A row says null and leaves nothing out: the columns are fixed.
  [Name in Names]-?: Name extends 'body' ? Uint8Array : Exclude<Table['$inferInsert'][Name], undefined>
}

type ClosedName = 'id' | 'status' | 'reason' | 'leadId' | 'outcome' | 'fields'
type CaptureName = ClosedName | 'sourceId' | 'externalId' | 'contentType' | 'body' | 'receivedAt'
type KnownLeadName = 'id' | 'email' | 'firstName' | 'lastName' | 'phone' | 'postalCode' | 'updatedAt'
type LeadName = KnownLeadName | 'emailKey' | 'foldedKey' | 'timeZone' | 'createdAt'

/** All that a batch of captures changes. */
export type CaptureWrites = {
  captures: Row<typeof captures, CaptureName>[]
  /** Captures that were parked before under the same id. */
  reopened: Row<typeof captures, ClosedName>[]
  leads: Row<typeof leads, LeadName>[]
  /** Leads that filled in again: new values win, absent ones lose nothing. */
  knownLeads: (Row<typeof leads, KnownLeadName> & { timeZone: string | null })[]
  consents: Row<
    typeof consents,
    'id' | 'leadId' | 'captureId' | 'basis' | 'textVersion' | 'pageUrl' | 'givenAt'
  >[]
  enrollments: Row<
    typeof enrollments,
    'id' | 'leadId' | 'sourceId' | 'sequence' | 'definitionHash' | 'topical' | 'startedAt'
  >[]
  deliveries: Row<
    typeof deliveries,
    'id' | 'enrollmentId' | 'leadId' | 'step' | 'first' | 'dueAt' | 'windowClosesAt' | 'createdAt'
  >[]
  alerts: Row<typeof alerts, 'id' | 'kind' | 'captureId' | 'createdAt'>[]
  /** Bookings that found their lead. */
  bookings: Row<typeof bookings, 'id' | 'leadId' | 'matchedBy'>[]
}

/** Writes all of it in one statement. A lost race for a new row shows as a unique violation. */
export async function writeCaptures(db: Db, writes: CaptureWrites): Promise<void> {
  const captureRows = writes.captures.map((row) => ({ ...row, body: hexOf(row.body) }))
  await write(db, {
    captures: JSON.stringify(captureRows),
    reopened: JSON.stringify(writes.reopened),
    leads: JSON.stringify(writes.leads),
    knownLeads: JSON.stringify(writes.knownLeads),
    consents: JSON.stringify(writes.consents),
    enrollments: JSON.stringify(writes.enrollments),
    deliveries: JSON.stringify(writes.deliveries),
    alerts: JSON.stringify(writes.alerts),
    bookings: JSON.stringify(writes.bookings),
  })
}

/** Bytes as the input of a `bytea` spells them. */
const hexOf = (bytes: Uint8Array) =>
  `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`

/** The rows of a JSON array, keyed as the schema names its columns: `row."leadId"` is a uuid. */
function rowsOf(table: PgTable, parameter: keyof CaptureWrites, names: readonly string[]): SQL {
  const all = getTableColumns(table)
  const types = names.map((name) => sql.raw(`"${name}" ${all[name]!.getSQLType()}`))
  return sql`jsonb_to_recordset(${sql.placeholder(parameter)}::jsonb) as row (${sql.join(types, sql`, `)})`
}

/** Inserts the rows of a JSON array; `extra` are columns with the same value in each. */
function insertRows<Table extends PgTable>(
  table: Table,
  parameter: keyof CaptureWrites,
  names: readonly (keyof Table['_']['columns'] & string)[],
  extra: Record<string, SQL> = {},
): SQL {
  const all = getTableColumns(table)
  const columns = [...names.map((name) => all[name]!.name), ...Object.keys(extra)]
  const values = [...names.map((name) => sql.raw(`row."${name}"`)), ...Object.values(extra)]
  const list = sql.join(
    columns.map((name) => sql.identifier(name)),
    sql`, `,
  )
  return sql`insert into ${table} (${list}) select ${sql.join(values, sql`, `)} from ${rowsOf(table, parameter, names)}`
}

const closedNames = ['id', 'status', 'reason', 'leadId', 'outcome', 'fields'] as const

const write = named(
  'write_captures',
  sql`
    with new_captures as (
      ${insertRows(captures, 'captures', [
        ...closedNames,
        'sourceId',
        'externalId',
        'contentType',
        'body',
        'receivedAt',
      ])}
    ), reopened as (
      update ${captures} c set status = row.status, reason = row.reason, lead_id = coalesce(row."leadId", c.lead_id),
        outcome = coalesce(row.outcome, c.outcome), fields = coalesce(row.fields, c.fields)
      from ${rowsOf(captures, 'reopened', closedNames)} where c.id = row.id and c.status = 'parked'
    ), new_leads as (
      ${insertRows(leads, 'leads', [
        'id',
        'email',
        'emailKey',
        'foldedKey',
        'firstName',
        'lastName',
        'phone',
        'postalCode',
        'timeZone',
        'createdAt',
        'updatedAt',
      ])}
    ), known_leads as (
      update ${leads} l set email = row.email, updated_at = row."updatedAt",
        first_name = coalesce(row."firstName", l.first_name), last_name = coalesce(row."lastName", l.last_name),
        phone = coalesce(row.phone, l.phone), postal_code = coalesce(row."postalCode", l.postal_code),
        time_zone = coalesce(row."timeZone", l.time_zone)
      from ${rowsOf(leads, 'knownLeads', [
        'id',
        'email',
        'firstName',
        'lastName',
        'phone',
        'postalCode',
        'timeZone',
        'updatedAt',
      ])} where l.id = row.id
    ), new_consents as (
      ${insertRows(consents, 'consents', [
        'id',
        'leadId',
        'captureId',
        'basis',
        'textVersion',
        'pageUrl',
        'givenAt',
      ])}
    ), new_enrollments as (
      ${insertRows(
        enrollments,
        'enrollments',
        ['id', 'leadId', 'sourceId', 'sequence', 'definitionHash', 'topical', 'startedAt'],
        { status: sql`'active'` },
      )}
    ), new_deliveries as (
      ${insertRows(
        deliveries,
        'deliveries',
        ['id', 'enrollmentId', 'leadId', 'step', 'first', 'dueAt', 'windowClosesAt', 'createdAt'],
        { status: sql`'waiting'`, group_limit: sql.raw(String(envelopeLimit)) },
      )}
    ), new_alerts as (
      ${insertRows(alerts, 'alerts', ['id', 'kind', 'captureId', 'createdAt'], {
        status: sql`'waiting'`,
        attempts: sql`0`,
        next_attempt_at: sql`clock_timestamp()`,
      })}
      on conflict do nothing
    )
    update ${bookings} b set lead_id = row."leadId", matched_by = row."matchedBy"
    from ${rowsOf(bookings, 'bookings', ['id', 'leadId', 'matchedBy'])} where b.id = row.id`,
)
