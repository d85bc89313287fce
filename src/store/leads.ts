import { desc, eq, isNull } from 'drizzle-orm'
import { captures, consents, enrollments, leads } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'

export type Lead = typeof leads.$inferSelect

export async function findLead(db: Db, id: string): Promise<Lead | null> {
  const [row] = await db.select().from(leads).where(eq(leads.id, id))
  return row ?? null
}

/** `emailKey` is the normalised address, plus-tag kept: one lead has it at most. */
export async function findLeadByEmail(db: Db, emailKey: string): Promise<Lead | null> {
  const [row] = await db.select().from(leads).where(eq(leads.emailKey, emailKey))
  return row ?? null
}

/** All leads of one E.164 number: more than one is nobody in particular. */
export async function findLeadsByPhone(db: Db, phone: string): Promise<Lead[]> {
  return db.select().from(leads).where(eq(leads.phone, phone)).limit(2)
}

/** Whose enrollment it is; null when there is no such enrollment. */
export async function findLeadByEnrollment(db: Db, enrollmentId: string): Promise<Lead | null> {
  const [row] = await db
    .select({ lead: leads })
    .from(leads)
    .innerJoin(enrollments, eq(enrollments.leadId, leads.id))
    .where(eq(enrollments.id, enrollmentId))
  return row?.lead ?? null
}

/** Leads that suppression takes for one address: plus-tags are folded away. */
export async function findLeadIdsByFoldedKey(db: Db, foldedKey: string): Promise<string[]> {
  const rows = await db.select({ id: leads.id }).from(leads).where(eq(leads.foldedKey, foldedKey))
  return rows.map((row) => row.id)
}

/** Notes that a person lifted the suppression of every lead of this address. */
export async function reopenLeads(db: Db, foldedKey: string, now: Date): Promise<void> {
  await db.update(leads).set({ reopenedAt: now }).where(eq(leads.foldedKey, foldedKey))
}

/** The lead counts as no newer for it: a form that came before still knows more. */
export async function setTimeZone(db: Db, id: string, timeZone: string): Promise<void> {
  await db.update(leads).set({ timeZone }).where(eq(leads.id, id))
}

/** Takes everything personal out of a lead and its captures. What was sent when, and why it stopped, remains. */
export async function blankLead(db: Db, leadId: string, now: Date): Promise<void> {
  await db
    .update(leads)
    .set({
      email: null,
      emailKey: null,
      foldedKey: null,
      firstName: null,
      lastName: null,
      phone: null,
      postalCode: null,
      country: null,
      flags: [],
      erasedAt: now,
      updatedAt: now,
    })
    .where(eq(leads.id, leadId))
  await db.update(captures).set({ body: null, fields: null }).where(eq(captures.leadId, leadId))
  // That there was a consent, on what ground and when, remains; who imported it may have written a name.
  await db.update(consents).set({ proof: null, pageUrl: null }).where(eq(consents.leadId, leadId))
}

/** The leads that came last, by name and address: a few, to look at a mail through their eyes. */
export async function listNewestLeads(db: Db, limit: number) {
  return db
    .select({ id: leads.id, firstName: leads.firstName, email: leads.email })
    .from(leads)
    .where(isNull(leads.erasedAt))
    .orderBy(desc(leads.id))
    .limit(limit)
}
