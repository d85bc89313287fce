import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../src/context.ts'
import { hashSequence, sequences } from '../../../src/sequences/index.ts'
import { ensureSource } from '../../../src/store/sources.ts'
import { withoutIndexes } from './waiting-leads.ts'

const firstNames = 'Ann Bea Cal Dee Eli Fay Gus Hal Ida Jan Kim Lee Mia Ned Oli Pat Quinn Ray Sue Tom'.split(
  ' ',
)
const lastStarts = 'Ab Ba Ca Da El Fo Ga Ha In Jo Ka La Ma Na Ol Pe Qua Ro Sm Ta'.split(' ')
export const stepsEach = 5

/** A lead of `insertManyLeads` by its number, as it was made. */
export const madeLead = (n: number) => ({
  id: idText(1, n),
  email: `lead-${n}@bench.example`,
  firstName: firstNames[n % firstNames.length]!,
  lastName: lastNameOf(n),
  phone: `+1610${String(n).padStart(7, '0')}`,
})

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')
/** As version 7 makes them: in the order of making. */
const idText = (kind: number, n: number) => `${hex(kind * 100_000_000 + n, 8)}-0000-7000-8000-${hex(n, 12)}`
const lastNameOf = (n: number) =>
  `${lastStarts[Math.floor(n / 20) % lastStarts.length]}${hex((n * 7919) % 4096, 3)}`

/**
 * Fills an empty database with `count` leads, and five deliveries of one enrollment for each: of ten enrollments three
 * run, three were stopped for one of four reasons, and four are finished; one in a thousand is held, and one in a
 * thousand came through a source of its own.
 */
export async function insertManyLeads(
  ctx: Context,
  options: { count: number; start: Date; say: (line: string) => void },
): Promise<{ rareSource: string }> {
  const { count, start, say } = options
  const { db } = ctx
  const sequence = sequences['back-spasms']!
  const made = (slug: string) =>
    ensureSource(db, {
      slug,
      name: slug,
      adapter: 'html-form',
      secrets: [],
      sequence: sequence.key,
      createdAt: start,
    })
  const [common, rare] = [await made('common'), await made('rare')]
  const id = (kind: number, n: SQL = sql`n`) =>
    sql`(lpad(to_hex(${kind}::bigint * 100000000 + ${n}), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`
  const each = sql`from generate_series(0, ${count - 1}::int) n`
  const pick = (values: readonly string[], index: SQL) =>
    sql`(${sql.param([...values])}::text[])[1 + (${index}) % ${values.length}]`
  const source = sql`case when n % 1000 = 7 then ${rare.id}::uuid else ${common.id}::uuid end`
  const status = sql`(case when n % 1000 = 13 then 'held' when n % 10 < 3 then 'active' when n % 10 < 6 then 'stopped' else 'finished' end)`
  const steps: [string, SQL][] = [
    [
      'leads',
      sql`insert into leads (id, email, email_key, folded_key, first_name, last_name, phone, time_zone, created_at,
          updated_at)
        select ${id(1)}, key, key, key, ${pick(firstNames, sql`n`)},
          ${pick(lastStarts, sql`n / 20`)} || lpad(to_hex((n::bigint * 7919) % 4096), 3, '0'),
          '+1610' || lpad(n::text, 7, '0'), 'America/New_York', ${start}, ${start}
        from (select n, 'lead-' || n || '@bench.example' as key ${each}) made`,
    ],
    [
      'enrollments',
      sql`insert into enrollments
          (id, lead_id, source_id, sequence, definition_hash, status, stop_reason, topical, started_at, ended_at)
        select ${id(2)}, ${id(1)}, ${source}, ${sequence.key}, ${hashSequence(sequence)}, status::enrollment_status,
          case when status = 'stopped' then (array['booked', 'unsubscribed', 'staff', 'replied'])[1 + n / 10 % 4]::stop_reason end,
          false, ${start}, case when status in ('stopped', 'finished') then ${start}::timestamptz + interval '9 days' end
        from (select n, ${status} as status ${each}) made`,
    ],
    [
      'captures',
      sql`insert into captures (id, source_id, external_id, status, lead_id, outcome, received_at)
        select ${id(4)}, ${source}, n::text, 'mapped', ${id(1)}, 'enrolled', ${start} ${each}`,
    ],
    [
      'deliveries',
      sql`insert into deliveries (id, enrollment_id, lead_id, step, status, first, due_at, group_limit, accepted_at,
          reason, created_at)
        select ${id(5, sql`m`)}, ${id(2)}, ${id(1)}, 'lesson-' || step, status::delivery_status, step = 1, due, 100,
          case when status = 'delivered' then due end, case when status = 'cancelled' then 'booked' end, ${start}
        from (select n, step, n::bigint * ${stepsEach} + step as m, ${start}::timestamptz + step * interval '3 days'
            + (n % 10000) * interval '1 minute' as due,
          case when step < ${stepsEach} then 'delivered' when n % 10 < 3 then 'waiting' when n % 10 < 6 then 'cancelled'
            else 'delivered' end as status
          ${each}, generate_series(1, ${stepsEach}::int) step) made`,
    ],
  ]
  for (const [table, statement] of steps) {
    const began = performance.now()
    await withoutIndexes(db, table, async () => {
      await db.execute(statement)
    })
    say(`${table}, ${Math.round((performance.now() - began) / 1_000)} s`)
  }
  await db.execute('vacuum analyze')
  await db.execute('checkpoint')
  return { rareSource: rare.id }
}
