import { and, asc, eq, gte, isNull, sql } from 'drizzle-orm'
import { clicks, deliveries } from '../../drizzle/schema/index.ts'
import type { ClickDiscount } from '../core/click.ts'
import type { Db } from './db.ts'

export type Click = typeof clicks.$inferSelect

/** Serialises the clicks of one lead until the transaction ends, so that those at once see each other. */
export async function lockClicks(db: Db, leadId: string): Promise<void> {
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`clicks ${leadId}`}, 0))`)
}

/** How many clicks of a lead are stored that came at `since` or later, whatever they count for. */
export async function countClicks(db: Db, leadId: string, since: Date): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(clicks)
    .where(and(eq(clicks.leadId, leadId), gte(clicks.at, since)))
  return row!.count
}

/** Keeps one press of a mail's button. `discount` says why it counts for nothing; null for a person's. */
export async function insertClick(
  db: Db,
  click: Pick<Click, 'deliveryId' | 'leadId' | 'discount' | 'at'>,
): Promise<void> {
  await db.insert(clicks).values(click)
}

/** Takes those of a lead's clicks that came at `since` or later, and counted so far, for a program's. */
export async function discountClicks(
  db: Db,
  leadId: string,
  since: Date,
  discount: ClickDiscount,
): Promise<void> {
  await db
    .update(clicks)
    .set({ discount })
    .where(and(eq(clicks.leadId, leadId), gte(clicks.at, since), isNull(clicks.discount)))
}

/** A lead's clicks with the step of the mail, oldest first. One with a `discount` was no person's. */
export async function listClicks(db: Db, leadId: string) {
  return db
    .select({
      id: clicks.id,
      at: clicks.at,
      discount: clicks.discount,
      deliveryId: clicks.deliveryId,
      step: deliveries.step,
    })
    .from(clicks)
    .innerJoin(deliveries, eq(deliveries.id, clicks.deliveryId))
    .where(eq(clicks.leadId, leadId))
    .orderBy(asc(clicks.at), asc(clicks.id))
}
