import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../src/context.ts'
import { hashSequence, sequences } from '../../../src/sequences/index.ts'
import type { Db } from '../../../src/store/db.ts'
import { ensureSource } from '../../../src/store/sources.ts'

export const slotMs = 60_000
const runs = 5
/** One statement fills no more: a line after each says how far it has come. */
const portion = 1_000_000

/**
 * Fills an empty database with `count` leads in the order of their coming, each waiting for its next step. A service
 * that has run for a while holds runs of them, one for each step to come; the soonest of each run fall due
 * together, `perSlot` at one moment and a minute before the next slot.
 */
export async function insertWaitingLeads(
  ctx: Context,
  options: { count: number; perSlot: number; start: Date; say: (line: string) => void },
): Promise<void> {
  const { count, perSlot, start, say } = options
  const { db } = ctx
  const sequence = sequences['back-spasms']!
  const source = await ensureSource(db, {
    slug: 'bench',
    name: 'Bench',
    adapter: 'html-form',
    secrets: [],
    sequence: sequence.key,
    createdAt: start,
  })
  const run = count / runs
  /** Ids as version 7 makes them: in the order of making. */
  const id = (kind: number) =>
    sql`(lpad(to_hex(${kind}::bigint * 100000000 + n), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`
  const steps: [string, (each: SQL) => SQL][] = [
    [
      'leads',
      (each) => sql`insert into leads
          (id, email, email_key, folded_key, first_name, time_zone, created_at, updated_at)
        select ${id(1)}, key, key, key, 'Pat', 'America/New_York', ${start}, ${start}
        from (select n, 'lead-' || n || '@bench.example' as key ${each}) made`,
    ],
    [
      'enrollments',
      (each) => sql`insert into enrollments
          (id, lead_id, source_id, sequence, definition_hash, status, topical, started_at)
        select ${id(2)}, ${id(1)}, ${source.id}, ${sequence.key}, ${hashSequence(sequence)}, 'active', false, ${start}
        ${each}`,
    ],
    [
      'deliveries',
      (each) => sql`insert into deliveries
          (id, enrollment_id, lead_id, step, status, first, due_at, window_closes_at, group_limit, created_at)
        select ${id(3)}, ${id(2)}, ${id(1)}, 'lesson-' || (n / ${run}::int + 2), 'waiting', false, due, due + interval '8 hours',
          100, ${start}
        from (select n, ${start}::timestamptz + (((n % ${run}::int)::bigint * ${runs}::int + n / ${run}::int) / ${perSlot}::int) * interval '1 minute' as due ${each}) made`,
    ],
  ]
  for (const [table, statement] of steps) {
    const began = performance.now()
    const seconds = () => Math.round((performance.now() - began) / 1_000)
    await withoutIndexes(db, table, async () => {
      for (let from = 0; from < count; from += portion) {
        const to = Math.min(count, from + portion)
        await db.execute(statement(sql`from generate_series(${from}::int, ${to - 1}::int) n`))
        say(`${to} of ${count} ${table}, ${seconds()} s`)
      }
    })
    say(`${table} with their indexes, ${seconds()} s`)
  }
  await db.execute('vacuum analyze')
  await db.execute('checkpoint')
  say('vacuumed, and on disk')
}

/** Takes every index and key off a table that is filled, and puts the same ones back. */
export async function withoutIndexes(db: Db, table: string, fill: () => Promise<void>): Promise<void> {
  const foreign = await db.execute<{ table: string; name: string; text: string }>(sql`
    select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as text from pg_constraint
    where contype = 'f' and (conrelid = ${table}::regclass or confrelid = ${table}::regclass)`)
  const keys = await db.execute<{ name: string; text: string }>(sql`
    select conname as name, pg_get_constraintdef(oid) as text from pg_constraint
    where contype in ('p', 'u') and conrelid = ${table}::regclass`)
  for (const row of foreign.rows) await db.execute(`alter table ${row.table} drop constraint "${row.name}"`)
  for (const row of keys.rows) await db.execute(`alter table ${table} drop constraint "${row.name}"`)
  const indexes = await db.execute<{ name: string; text: string }>(sql`
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as text from pg_index
    where indrelid = ${table}::regclass`)
  for (const row of indexes.rows) await db.execute(`drop index ${row.name}`)
  await fill()
  for (const row of indexes.rows) await db.execute(row.text)
  for (const row of keys.rows)
    await db.execute(`alter table ${table} add constraint "${row.name}" ${row.text}`)
  for (const row of foreign.rows)
    await db.execute(`alter table ${row.table} add constraint "${row.name}" ${row.text}`)
}
