import { sql } from 'drizzle-orm'
import type { Context } from '../../../src/context.ts'
import { hashSequence, sequences } from '../../../src/sequences/index.ts'
import { newId } from '../../../src/store/new-id.ts'
import { ensureSource } from '../../../src/store/sources.ts'
import { uuidList } from '../../../src/store/uuid-list.ts'

/** Stores `count` leads whose `step` is due now, straight in SQL: filling is not what is measured. Ids are in order, as ours are. */
export async function insertDueLeads(ctx: Context, count: number, step: string, dueAt: Date): Promise<void> {
  const sequence = sequences['back-spasms']!
  const source = await ensureSource(ctx.db, {
    slug: 'bench',
    name: 'Bench',
    adapter: 'html-form',
    secrets: [],
    sequence: sequence.key,
    createdAt: dueAt,
  })
  const closes = new Date(dueAt.getTime() + 8 * 3_600_000)
  const ids = () => uuidList(Array.from({ length: count }, newId))
  await ctx.db.execute(sql`
    with given as materialized (
      select * from unnest(${ids()}::uuid[], ${ids()}::uuid[], ${ids()}::uuid[]) as row (lead_id, enrollment_id, id)
    ), lead as (
      insert into leads (id, email, email_key, folded_key, first_name, time_zone, created_at, updated_at)
      select lead_id, key, key, key, 'Pat', 'America/New_York', ${dueAt}, ${dueAt}
      from (select lead_id, 'lead-' || lead_id || '@bench.example' as key from given) made
    ), enrolled as (
      insert into enrollments (id, lead_id, source_id, sequence, definition_hash, status, topical, started_at)
      select enrollment_id, lead_id, ${source.id}, ${sequence.key}, ${hashSequence(sequence)}, 'active', false, ${dueAt}
      from given
    )
    insert into deliveries (id, enrollment_id, lead_id, step, status, first, due_at, window_closes_at, group_limit, created_at)
    select id, enrollment_id, lead_id, ${step}, 'waiting', false, ${dueAt}, ${closes}, 100, ${dueAt} from given`)
  await ctx.db.execute('analyze')
}
