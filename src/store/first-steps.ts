import { sql } from 'drizzle-orm'
import type { Db } from './db.ts'

/** Sources of a clinic's own, with whether a lead came through. `except` are the slugs of those that are ours. */
export async function listConnections(
  db: Db,
  except: readonly string[],
): Promise<{ slug: string; name: string; hasLead: boolean }[]> {
  const { rows } = await db.execute<{ slug: string; name: string; hasLead: boolean }>(sql`
    select slug, name, exists (
      select from captures c where c.source_id = s.id and c.status = 'mapped') as "hasLead"
    from sources s
    where slug not in (select jsonb_array_elements_text(${JSON.stringify(except)}::jsonb)) and adapter <> 'import'
    order by s.created_at`)
  return rows
}

/** When a lead's first mail was taken by the provider, or null; `reason` says why there is none. */
export async function findFirstMail(
  db: Db,
  leadId: string,
): Promise<{ status: string; acceptedAt: string | null; reason: string | null } | null> {
  const { rows } = await db.execute<{ status: string; acceptedAt: string | null; reason: string | null }>(sql`
    select status, accepted_at as "acceptedAt", reason from deliveries
    where lead_id = ${leadId} order by accepted_at desc nulls last, id desc limit 1`)
  return rows[0] ?? null
}
