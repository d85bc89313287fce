import { type SQL, sql } from 'drizzle-orm'
import { deliveries, enrollments, leads, sources } from '../../drizzle/schema/index.ts'
import type { EnrollmentStatus, StopReason } from '../core/enrollment.ts'
import { type SearchWay, searchWays } from '../core/lead-search.ts'
import type { Db } from './db.ts'

/** What narrows a list of leads: each is about the lead's newest enrollment, null for any. */
export type LeadFilter = {
  status: EnrollmentStatus | null
  /** Id of the source that the enrollment came from. */
  source: string | null
  /** The step that the lead waits for. */
  step: string | null
  stopReason: StopReason | null
}

/** A lead in a list, with its newest enrollment and what goes out next. */
export type LeadRow = {
  id: string
  email: string | null
  firstName: string | null
  lastName: string | null
  phone: string | null
  timeZone: string | null
  createdAt: Date
  erased: boolean
  sequence: string | null
  status: EnrollmentStatus | null
  stopReason: StopReason | null
  source: string | null
  nextStep: string | null
  nextDueAt: Date | null
}

/** Matches of one way among which a filter looks: a letter or two match a tenth of all leads. */
const mostFiltered = 1_000

/** `text` as the start of a LIKE pattern. */
const starts = (column: SQL, text: string) => sql`${column} like ${`${text.replace(/[\\%_]/g, '\\$&')}%`}`
const first = sql`lower(${leads.firstName})`
const last = sql`lower(${leads.lastName})`

function matches(way: SearchWay): { where: SQL; order: SQL } {
  switch (way.by) {
    case 'email':
      return { where: starts(sql`${leads.emailKey}`, way.start), order: sql`${leads.emailKey} using ~<~` }
    case 'first-name':
      return { where: starts(first, way.start), order: sql`${first} using ~<~` }
    case 'last-name':
      return {
        where: way.firstName
          ? sql`${starts(last, way.start)} and ${starts(first, way.firstName)}`
          : starts(last, way.start),
        order: sql`${last} using ~<~`,
      }
    case 'phone':
      return { where: starts(sql`${leads.phone}`, way.start), order: sql`${leads.phone} using ~<~` }
    case 'phone-end': {
      const reversed = [...way.digits].reverse().join('')
      return {
        where: starts(sql`reverse(${leads.phone})`, reversed),
        order: sql`reverse(${leads.phone}) using ~<~`,
      }
    }
  }
}

/** One index range each, read in the index's own order (`~<~`), so that a limit ends it. */
const matchesOf = (way: SearchWay, most: number) => {
  const { where, order } = matches(way)
  return sql`(select ${leads.id} from ${leads} where ${where} order by ${order} limit ${most})`
}

type Found = Omit<LeadRow, 'createdAt' | 'nextDueAt'> & { createdAt: string; nextDueAt: string | null }

const readRow = ({ createdAt, nextDueAt, ...row }: Found): LeadRow => ({
  ...row,
  createdAt: new Date(createdAt),
  nextDueAt: nextDueAt === null ? null : new Date(nextDueAt),
})

const columns = sql`l.id, l.email, l.first_name as "firstName", l.last_name as "lastName", l.phone,
  l.time_zone as "timeZone", l.created_at as "createdAt", l.erased_at is not null as erased,
  e.sequence, e.status, e.stop_reason as "stopReason", s.name as source,
  next.step as "nextStep", next.due_at as "nextDueAt"`

const newestEnrollment = sql`select e.* from ${enrollments} e where e.lead_id = l.id
  order by e.started_at desc, e.id desc limit 1`

/** What a list says of each lead `l`; every part is a few rows of one index. */
const details = sql`
  left join lateral (${newestEnrollment}) e on true
  left join ${sources} s on s.id = e.source_id
  left join lateral (select d.step, d.due_at from ${deliveries} d where d.lead_id = l.id and d.status = 'waiting'
    order by d.due_at limit 1) next on true`

const all = (conditions: SQL[]) => sql.join([sql`true`, ...conditions], sql` and `)

/** Conditions on `e`, a lead's newest enrollment. */
function ofEnrollment({ status, source, step, stopReason }: LeadFilter): SQL[] {
  return [
    ...(status ? [sql`e.status = ${status}`] : []),
    ...(source ? [sql`e.source_id = ${source}`] : []),
    ...(stopReason ? [sql`e.stop_reason = ${stopReason}`] : []),
    ...(step
      ? [
          sql`exists (select from ${deliveries} d where d.enrollment_id = e.id and d.step = ${step}
            and d.status = 'waiting')`,
        ]
      : []),
  ]
}

/**
 * Leads that match what was typed, by name, of those that the filter lets through. `more`: there are others, which
 * more letters would find. `searched` is false when too little was typed to look for anything.
 */
export async function searchLeads(
  db: Db,
  query: { text: string; filter: LeadFilter; limit: number },
): Promise<{ leads: LeadRow[]; more: boolean; searched: boolean }> {
  const ways = searchWays(query.text)
  if (ways.length === 0) return { leads: [], more: false, searched: false }
  const conditions = ofEnrollment(query.filter)
  const limit = query.limit + 1
  const most = conditions.length === 0 ? limit : mostFiltered
  const found = sql.join(
    ways.map((way) => matchesOf(way, most)),
    sql` union `,
  )
  const { rows } = await db.execute<Found & { matched: number }>(sql`
    with found as materialized (${found}), page as materialized (
      select l.id from found join ${leads} l on l.id = found.id
        ${conditions.length === 0 ? sql`` : sql`join lateral (${newestEnrollment}) e on true`}
      where ${all(conditions)}
      order by lower(l.last_name), lower(l.first_name), l.id limit ${limit})
    select (select count(*)::int from found) as matched, one.* from (select) nothing
    left join (select ${columns} from page join ${leads} l on l.id = page.id ${details}) one on true
    order by lower(one."lastName"), lower(one."firstName"), one.id`)
  const matching = rows.flatMap(({ matched: _matched, ...row }) => (row.id === null ? [] : [readRow(row)]))
  return {
    leads: matching.slice(0, query.limit),
    more: matching.length > query.limit || rows[0]!.matched >= most,
    searched: true,
  }
}

/** Leads that the filter lets through, newest first, after the lead `after`; `next` is where the next page begins. */
export async function listLeads(
  db: Db,
  query: { filter: LeadFilter; after: string | null; limit: number },
): Promise<{ leads: LeadRow[]; next: string | null }> {
  const { filter, after, limit } = query
  const { rows } = await db.execute<Found>(sql`
    select ${columns} from (${pageOf(filter, after, limit + 1)}) page join ${leads} l on l.id = page.id ${details} order by l.id desc`)
  const found = rows.map(readRow)
  return { leads: found.slice(0, limit), next: found.length > limit ? found[limit - 1]!.id : null }
}

/** Ids of one page: a stretch of one index, in its order. */
function pageOf(filter: LeadFilter, after: string | null, limit: number): SQL {
  const before = (id: SQL) => (after === null ? [] : [sql`${id} < ${after}`])
  const { status, source, step, stopReason } = filter
  if (!status && !source && !step && !stopReason)
    return sql`select l.id from ${leads} l where ${all(before(sql`l.id`))} order by l.id desc limit ${limit}`
  const isNewest = sql`not exists (select from ${enrollments} newer where newer.lead_id = e.lead_id
    and (newer.started_at, newer.id) > (e.started_at, e.id))`
  const conditions = [...ofEnrollment({ ...filter, step: null }), isNewest]
  if (step === null)
    return sql`select e.lead_id as id from ${enrollments} e
      where ${all([...conditions, ...before(sql`e.lead_id`)])} order by e.lead_id desc limit ${limit}`
  // The narrowest of all, so it is where to begin.
  return sql`select d.lead_id as id from ${deliveries} d join ${enrollments} e on e.id = d.enrollment_id
    where d.status = 'waiting' and d.step = ${step} and ${all([...conditions, ...before(sql`d.lead_id`)])}
    order by d.lead_id desc limit ${limit}`
}
