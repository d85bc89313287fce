import { and, asc, desc, eq, inArray, isNull, lt, notInArray, sql } from 'drizzle-orm'
import { providerEvents } from '../../drizzle/schema/index.ts'
import { bytesHolding } from './bytes-holding.ts'
import type { Db } from './db.ts'

export type ProviderEvent = typeof providerEvents.$inferSelect

/** Stores an event, or finds the same one that came before. */
export async function openEvent(
  db: Db,
  event: Pick<typeof providerEvents.$inferInsert, 'provider' | 'eventId' | 'body' | 'receivedAt'>,
): Promise<ProviderEvent> {
  const [inserted] = await db
    .insert(providerEvents)
    .values({ ...event, status: 'pending' })
    .onConflictDoNothing({ target: [providerEvents.provider, providerEvents.eventId] })
    .returning()
  if (inserted) return inserted
  const [found] = await db
    .select()
    .from(providerEvents)
    .where(and(eq(providerEvents.provider, event.provider), eq(providerEvents.eventId, event.eventId)))
  return found!
}

/** Locks a pending event for the one transaction that applies it; null when it is done, or somebody else has it. */
export async function lockPendingEvent(db: Db, id: string): Promise<ProviderEvent | null> {
  const [row] = await db
    .select()
    .from(providerEvents)
    .where(and(eq(providerEvents.id, id), eq(providerEvents.status, 'pending')))
    .for('update', { skipLocked: true })
  return row ?? null
}

/** Notes what became of an event that the caller has locked; `leadId` is whom it was about, for erasure to find. */
export async function closeEvent(
  db: Db,
  id: string,
  result: { status: 'applied' | 'ignored' | 'parked'; reason: string | null; leadId: string | null },
): Promise<void> {
  await db.update(providerEvents).set(result).where(eq(providerEvents.id, id))
}

/** Counts a failure to apply; parks the event after `limit` of them, for a person to look at, or lets it rest a while. */
export async function countEventFailure(
  db: Db,
  id: string,
  failure: { reason: string; limit: number; delayMs: number },
): Promise<void> {
  const { reason, limit, delayMs } = failure
  await db
    .update(providerEvents)
    .set({
      nextAttemptAt: sql`clock_timestamp() + ${delayMs} * interval '1 millisecond'`,
      failures: sql`${providerEvents.failures} + 1`,
      reason,
      status: sql`case when ${providerEvents.failures} + 1 >= ${limit} then 'parked' else 'pending' end::event_status`,
    })
    .where(and(eq(providerEvents.id, id), eq(providerEvents.status, 'pending')))
}

const isOpen = sql`${providerEvents.status} = 'pending'
  and (${providerEvents.nextAttemptAt} is null or ${providerEvents.nextAttemptAt} <= clock_timestamp())`

/** Events stored before `before` that nobody has applied and that may be tried now, oldest first. */
export async function listPendingEvents(
  db: Db,
  options: { before: Date; except: readonly string[]; limit: number },
): Promise<string[]> {
  const { before, except, limit } = options
  const rows = await db
    .select({ id: providerEvents.id })
    .from(providerEvents)
    .where(
      and(isOpen, lt(providerEvents.receivedAt, before), notInArray(providerEvents.provider, [...except])),
    )
    .orderBy(asc(providerEvents.receivedAt))
    .limit(limit)
  return rows.map((row) => row.id)
}

/** Events of these tools that wait to be read back and may be tried now, oldest first. */
export async function listUnreadEvents(
  db: Db,
  tools: readonly string[],
  limit: number,
): Promise<{ id: string; failures: number }[]> {
  if (tools.length === 0) return []
  return db
    .select({ id: providerEvents.id, failures: providerEvents.failures })
    .from(providerEvents)
    .where(and(isOpen, inArray(providerEvents.provider, [...tools])))
    .orderBy(asc(providerEvents.receivedAt))
    .limit(limit)
}

/** Takes an event for `leaseMs`; null when it is done, not due, or another worker has it. */
export async function takeEvent(db: Db, id: string, leaseMs: number): Promise<ProviderEvent | null> {
  const [row] = await db
    .update(providerEvents)
    .set({ nextAttemptAt: sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'` })
    .where(and(eq(providerEvents.id, id), isOpen))
    .returning()
  return row ?? null
}

/** The booking tool or mailer that an event came from; null when there is no such event. */
export async function findEventProvider(db: Db, id: string): Promise<string | null> {
  const [row] = await db
    .select({ provider: providerEvents.provider })
    .from(providerEvents)
    .where(eq(providerEvents.id, id))
  return row?.provider ?? null
}

/** Parked events, newest first, without their bodies. */
export async function listParkedEvents(db: Db, limit: number) {
  return db
    .select({
      id: providerEvents.id,
      provider: providerEvents.provider,
      reason: providerEvents.reason,
      receivedAt: providerEvents.receivedAt,
    })
    .from(providerEvents)
    .where(inArray(providerEvents.status, ['parked']))
    .orderBy(desc(providerEvents.receivedAt))
    .limit(limit)
}

/** Takes a parked event off the list; false when it is not parked. */
export async function setEventAside(db: Db, id: string): Promise<boolean> {
  const rows = await db
    .update(providerEvents)
    .set({ status: 'ignored', reason: 'set aside by a person' })
    .where(and(eq(providerEvents.id, id), eq(providerEvents.status, 'parked')))
    .returning({ id: providerEvents.id })
  return rows.length > 0
}

/** Gives a parked event another try; false when it is not parked. */
export async function reopenEvent(db: Db, id: string): Promise<boolean> {
  const rows = await db
    .update(providerEvents)
    .set({ status: 'pending', failures: 0, nextAttemptAt: null })
    .where(and(eq(providerEvents.id, id), eq(providerEvents.status, 'parked')))
    .returning({ id: providerEvents.id })
  return rows.length > 0
}

/** Takes what is personal out of a lead's events. */
export async function blankEvents(db: Db, leadId: string): Promise<void> {
  await db.update(providerEvents).set({ body: null }).where(eq(providerEvents.leadId, leadId))
}

/** Takes the bytes out of events that belong to no lead and hold one of these texts. */
export async function blankUnlinkedEvents(db: Db, texts: readonly string[]): Promise<void> {
  await db
    .update(providerEvents)
    .set({ body: null })
    .where(and(isNull(providerEvents.leadId), bytesHolding(providerEvents.body, texts)))
}
