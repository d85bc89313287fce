import { eq, sql } from 'drizzle-orm'
import { deliveries, dispatches } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'
import { cutItems, readItem } from './envelope-codec.ts'

/** By what was sealed: a delivery that was let go again points to its newest envelope only, and the older keep its mail. */
const holdsMailTo = (
  leadId: string,
) => sql`${dispatches.body} is not null and ${dispatches.deliveryIds} && array(
  select id from ${deliveries} where lead_id = ${leadId})`

/**
 * Takes the mail to this lead out of every dispatch that holds some. One that was accepted keeps the mails to others.
 * Any other loses all its bytes, for they are replayed as they are or not at all; a call under way has its own copy.
 * Should that one stay unclear, nothing can be replayed: evidence comes by events, or the others are parked.
 */
export async function blankBodies(db: Db, leadId: string): Promise<void> {
  const held = await db
    .select({ id: dispatches.id, status: dispatches.status, deliveryIds: dispatches.deliveryIds })
    .from(dispatches)
    .where(holdsMailTo(leadId))
    .orderBy(dispatches.id)
    .for('update')
  if (held.length === 0) return
  const own = await db.select({ id: deliveries.id }).from(deliveries).where(eq(deliveries.leadId, leadId))
  const ownIds = new Set(own.map(({ id }) => id))
  for (const { id, status, deliveryIds } of held) {
    const [row] = await db.select({ body: dispatches.body }).from(dispatches).where(eq(dispatches.id, id))
    const isOwn = (position: number) => ownIds.has(deliveryIds[position] ?? '')
    const body = status === 'accepted' && row?.body ? await cutItems(row.body, isOwn) : null
    await db.update(dispatches).set({ body }).where(eq(dispatches.id, id))
  }
}

/** One mail exactly as it was sent; null when its bytes are no longer kept, or it is in no envelope. */
export async function readSentMail(
  db: Db,
  delivery: { id: string; dispatchId: string | null },
): Promise<unknown> {
  if (delivery.dispatchId === null) return null
  const [row] = await db
    .select({ body: dispatches.body, deliveryIds: dispatches.deliveryIds })
    .from(dispatches)
    .where(eq(dispatches.id, delivery.dispatchId))
  const position = row?.deliveryIds.indexOf(delivery.id) ?? -1
  return row?.body && position >= 0 ? readItem(row.body, position) : null
}

/** Lets go of the bytes of up to `limit` dispatches that were resolved before `before`. */
export async function clearKeptBodies(db: Db, before: Date, limit: number): Promise<void> {
  await db.execute(sql`
    update ${dispatches} set body = null where id in (
      select id from ${dispatches} where body is not null and resolved_at < ${before}
      order by resolved_at limit ${limit} for update skip locked)`)
}
