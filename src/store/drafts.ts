import { and, eq, like } from 'drizzle-orm'
import { drafts } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'
import { newId } from './new-id.ts'

export type Draft = typeof drafts.$inferSelect
type Saved = Pick<Draft, 'subject' | 'content' | 'author'>

/** `subject` is what it is about, such as `copy/lock-up`: there is one draft of each at most. */
export async function findDraft(db: Db, subject: string): Promise<Draft | null> {
  const [row] = await db.select().from(drafts).where(eq(drafts.subject, subject))
  return row ?? null
}

/** Drafts of one kind, such as `copy`, without their content. */
export async function listDrafts(db: Db, kind: string): Promise<Omit<Draft, 'content' | 'version'>[]> {
  const { subject, base, author, savedAt } = drafts
  return db
    .select({ subject, base, author, savedAt })
    .from(drafts)
    .where(like(subject, `${kind}/%`))
}

/** Begins a draft; null when there is one already. */
export async function beginDraft(db: Db, draft: Saved & { base: number }, now: Date): Promise<Draft | null> {
  const [row] = await db
    .insert(drafts)
    .values({ ...draft, version: newId(), savedAt: now })
    .onConflictDoNothing()
    .returning()
  return row ?? null
}

/** Saves over the version that the writer had before them; null when that is not the newest any more. */
export async function saveOver(
  db: Db,
  { subject, ...saved }: Saved & { base: number },
  version: string,
  now: Date,
): Promise<Draft | null> {
  const [row] = await db
    .update(drafts)
    .set({ ...saved, version: newId(), savedAt: now })
    .where(and(eq(drafts.subject, subject), eq(drafts.version, version)))
    .returning()
  return row ?? null
}

/** Takes a draft away, to publish or to discard it; null when another version was saved meanwhile. */
export async function takeDraft(db: Db, subject: string, version: string): Promise<Draft | null> {
  const [row] = await db
    .delete(drafts)
    .where(and(eq(drafts.subject, subject), eq(drafts.version, version)))
    .returning()
  return row ?? null
}
