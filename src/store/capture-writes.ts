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
} from '../../drizzle/schema/index.ts'
import { envelopeLimit } from '../core/dispatch.ts'
import type { Db } from './db.ts'
import { named } from './statement.ts'

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
