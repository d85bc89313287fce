import { and, desc, eq, gt, inArray, isNotNull, isNull, like, or, sql } from 'drizzle-orm'
import { captures, sources } from '../../drizzle/schema/index.ts'
import { botReason } from '../core/capture.ts'
import type { LeadFields } from '../core/submission.ts'
import { bytesHolding } from './bytes-holding.ts'
import type { Db } from './db.ts'

/** Notes what became of a capture: `outcome` is what its lead got, `reason` why it has none. */
export async function closeCapture(
  db: Db,
  id: string,
  result:
    | { status: 'mapped'; leadId: string; outcome: string; fields: LeadFields }
    | { status: 'parked' | 'ignored'; reason: string; fields?: LeadFields },
): Promise<void> {
  await db
    .update(captures)
    .set({ reason: null, ...result })
    .where(eq(captures.id, id))
}

const waiting = {
  id: captures.id,
  source: sources.slug,
  reason: captures.reason,
  receivedAt: captures.receivedAt,
}

const isSuspect = and(eq(captures.status, 'ignored'), like(captures.reason, `${botReason}%`))

/** A parked capture or a suspected bot's, with its source; null when it is neither, or no longer. */
export async function findReplayableCapture(db: Db, id: string) {
  const [row] = await db
    .select({ capture: captures, source: sources })
    .from(captures)
    .innerJoin(sources, eq(sources.id, captures.sourceId))
    .where(and(eq(captures.id, id), or(eq(captures.status, 'parked'), isSuspect)))
  return row ?? null
}

/** Parks what was taken for a bot's. */
export async function parkSuspect(db: Db, id: string): Promise<void> {
  await db
    .update(captures)
    .set({ status: 'parked' })
    .where(and(eq(captures.id, id), isSuspect))
}

/** Takes a parked capture off the list; false when it is not parked. */
export async function setCaptureAside(db: Db, id: string): Promise<boolean> {
  const rows = await db
    .update(captures)
    .set({ status: 'ignored', reason: 'set aside by a person' })
    .where(and(eq(captures.id, id), eq(captures.status, 'parked')))
    .returning({ id: captures.id })
  return rows.length > 0
}

/** What the front desk needs to know of a capture: who, when, and through which source. Null once erased. */
export async function findCapture(db: Db, id: string) {
  const [row] = await db
    .select({ capture: captures, source: sources })
    .from(captures)
    .innerJoin(sources, eq(sources.id, captures.sourceId))
    .where(eq(captures.id, id))
  return row ?? null
}

/** Parked captures, newest first, without their bodies. */
export async function listParkedCaptures(db: Db, limit: number) {
  return db
    .select({ ...waiting, bytes: sql<number>`coalesce(octet_length(${captures.body}), 0)` })
    .from(captures)
    .innerJoin(sources, eq(sources.id, captures.sourceId))
    .where(eq(captures.status, 'parked'))
    .orderBy(desc(captures.receivedAt))
    .limit(limit)
}

/** Captures of suspected bots, newest first, with the start of what each wrote, in printable ASCII. */
export async function listSuspects(db: Db, limit: number) {
  return db
    .select({
      ...waiting,
      start: sql<string>`coalesce(encode(substring(${captures.body} from 1 for 300), 'escape'), '')`,
    })
    .from(captures)
    .innerJoin(sources, eq(sources.id, captures.sourceId))
    .where(isSuspect)
    .orderBy(desc(captures.receivedAt))
    .limit(limit)
}

/** The newest body that came from a source, whatever became of it; null when there is none. */
export async function findLatestBody(db: Db, sourceId: string) {
  const [row] = await db
    .select({
      body: sql<Buffer>`${captures.body}`,
      contentType: captures.contentType,
      receivedAt: captures.receivedAt,
    })
    .from(captures)
    .where(and(eq(captures.sourceId, sourceId), isNotNull(captures.body)))
    .orderBy(desc(captures.receivedAt))
    .limit(1)
  return row ?? null
}

/** Ids of a source's parked captures, oldest first, after the one given. */
export async function listParkedIds(
  db: Db,
  sourceId: string,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .select({ id: captures.id })
    .from(captures)
    .where(
      and(
        eq(captures.sourceId, sourceId),
        eq(captures.status, 'parked'),
        after === null ? undefined : gt(captures.id, after),
      ),
    )
    .orderBy(captures.id)
    .limit(limit)
  return rows.map(({ id }) => id)
}

/** The newest capture that waits for its lead's yes, with its source; null when none does. */
export async function findUnconfirmed(db: Db, leadId: string) {
  const [row] = await db
    .select({ capture: captures, source: sources })
    .from(captures)
    .innerJoin(sources, eq(sources.id, captures.sourceId))
    .where(and(eq(captures.leadId, leadId), eq(captures.outcome, 'unconfirmed')))
    .orderBy(desc(captures.receivedAt), desc(captures.id))
    .limit(1)
  return row ?? null
}

/** Says what became of every capture of a lead that waited for its yes. */
export async function closeUnconfirmed(db: Db, leadId: string, outcome: string): Promise<void> {
  await db
    .update(captures)
    .set({ outcome })
    .where(and(eq(captures.leadId, leadId), eq(captures.outcome, 'unconfirmed')))
}

/** The newest capture of a lead, or null. One that was understood goes before the parked bytes that it came from. */
export async function latestCaptureId(db: Db, leadId: string): Promise<string | null> {
  const [row] = await db
    .select({ id: captures.id })
    .from(captures)
    .where(eq(captures.leadId, leadId))
    .orderBy(sql`${captures.status} = 'mapped' desc`, desc(captures.receivedAt), desc(captures.id))
    .limit(1)
  return row?.id ?? null
}

/** Takes the bytes out of captures that belong to no lead and hold one of these texts: parked, tests, suspected bots. */
export async function blankUnlinkedCaptures(db: Db, texts: readonly string[]): Promise<void> {
  const holds = bytesHolding(captures.body, texts)
  await db
    .update(captures)
    .set({ body: null })
    .where(and(isNull(captures.leadId), inArray(captures.status, ['parked', 'ignored']), holds))
}
