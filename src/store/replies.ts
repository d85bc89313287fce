import { and, asc, eq, gte, inArray, isNull, or, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { deliveries, leads, replies } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'

export type Reply = typeof replies.$inferSelect

/** Stores a reply; returns its id, or null when it is stored already. */
export async function insertReply(
  db: Db,
  reply: Omit<Reply, 'id' | 'answeredAt' | 'answeredBy'>,
): Promise<string | null> {
  const [row] = await db
    .insert(replies)
    .values(reply)
    .onConflictDoNothing({ target: replies.externalId })
    .returning({ id: replies.id })
  return row?.id ?? null
}

const hinted = alias(leads, 'hinted')

const withNames = (db: Db) =>
  db
    .select({
      reply: replies,
      /** The step of the mail that it answers. */
      step: deliveries.step,
      email: leads.email,
      timeZone: leads.timeZone,
      /** The lead who has the sender's address, where nothing surer is known. */
      hintEmail: hinted.email,
    })
    .from(replies)
    .leftJoin(leads, eq(leads.id, replies.leadId))
    .leftJoin(hinted, eq(hinted.id, replies.hintLeadId))
    .leftJoin(deliveries, eq(deliveries.id, replies.deliveryId))

/** Replies that nobody has answered, oldest first. */
export async function listOpenReplies(db: Db, limit: number) {
  return withNames(db).where(isNull(replies.answeredAt)).orderBy(asc(replies.receivedAt)).limit(limit)
}

/** One reply with whose it is, or null. */
export async function findReply(db: Db, id: string) {
  const [row] = await withNames(db).where(eq(replies.id, id))
  return row ?? null
}

/** A lead's replies, oldest first, those included that only its address speaks for. */
export async function listReplies(db: Db, leadId: string) {
  const rows = await withNames(db)
    .where(or(eq(replies.leadId, leadId), eq(replies.hintLeadId, leadId)))
    .orderBy(asc(replies.receivedAt), asc(replies.id))
  return rows.map(({ reply, step }) => ({ ...reply, step }))
}

/** Whether a lead has replied since, its replies aside whose sender may be forged. */
export async function hasReplied(db: Db, leadId: string, since: Date): Promise<boolean> {
  const [row] = await db
    .select({ id: replies.id })
    .from(replies)
    .where(
      and(
        eq(replies.leadId, leadId),
        gte(replies.receivedAt, since),
        sql`${replies.dmarc} is distinct from 'fail'`,
      ),
    )
    .limit(1)
  return row !== undefined
}

/** Takes a reply off the list of those without an answer; false when it is not on it. */
export async function answerReply(db: Db, id: string, by: string, now: Date): Promise<boolean> {
  const rows = await db
    .update(replies)
    .set({ answeredAt: now, answeredBy: by })
    .where(and(eq(replies.id, id), isNull(replies.answeredAt)))
    .returning({ id: replies.id })
  return rows.length > 0
}

/** Takes what a lead wrote, and from where, out of its replies; `senders` are its address as it may be written. */
export async function blankReplies(db: Db, leadId: string, senders: readonly string[]): Promise<void> {
  const lowered = senders.map((sender) => sender.toLowerCase())
  await db
    .update(replies)
    .set({ sender: null, subject: null, text: null, messageId: null, hintLeadId: null })
    .where(
      or(
        eq(replies.leadId, leadId),
        eq(replies.hintLeadId, leadId),
        inArray(sql`lower(${replies.sender})`, lowered),
      ),
    )
}
