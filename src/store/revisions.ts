import { and, desc, eq, getTableColumns, inArray, max, sql } from 'drizzle-orm'
import { templateRevisions } from '../../drizzle/schema/index.ts'
import { type Db, sqlState, uniqueViolation } from './db.ts'

export type Revision = typeof templateRevisions.$inferSelect
type NewRevision = Pick<Revision, 'template' | 'copy' | 'author' | 'note' | 'baseRevision'>

const tries = 20

/** Stores a draft under the template's next number. */
export async function insertRevision(db: Db, draft: NewRevision, now: Date): Promise<Revision> {
  // Two people who save at once want the same number: the slower one takes the next.
  for (let attempt = 1; attempt <= tries; attempt++) {
    const [newest] = await db
      .select({ revision: max(templateRevisions.revision) })
      .from(templateRevisions)
      .where(eq(templateRevisions.template, draft.template))
    const [row] = await db
      .insert(templateRevisions)
      .values({ ...draft, revision: (newest?.revision ?? 0) + 1, status: 'draft', createdAt: now })
      .onConflictDoNothing({ target: [templateRevisions.template, templateRevisions.revision] })
      .returning()
    if (row) return row
  }
  throw new Error(`No free revision number for ${draft.template} after ${tries} tries`)
}

/**
 * Publishes a draft in one statement, provided that `over` is still what is published (0: nothing is), and retires
 * that. Returns false when it is not, or the draft is no draft any more: someone else was faster.
 */
export async function publishRevision(
  db: Db,
  { template, revision, over }: { template: string; revision: number; over: number },
  now: Date,
): Promise<boolean> {
  try {
    const { rows } = await db.execute(sql`
      with retired as (
        update template_revisions set status = 'retired'
        where template = ${template} and status = 'published' and revision = ${over}
        returning id)
      update template_revisions set status = 'published', published_at = ${now}
      where template = ${template} and revision = ${revision} and status = 'draft'
        and (exists (select 1 from retired)
          or ${over} = 0 and not exists (
            select 1 from template_revisions where template = ${template} and status = 'published'))
      returning id`)
    return rows.length > 0
  } catch (error) {
    // unique_violation: another first publication committed while this one waited for the index.
    if (sqlState(error) === uniqueViolation) return false
    throw error
  }
}

/** Takes a published revision out of force, so that the words in code apply; false when it was not published. */
export async function retireRevision(db: Db, template: string, revision: number): Promise<boolean> {
  const rows = await db
    .update(templateRevisions)
    .set({ status: 'retired' })
    .where(
      and(
        eq(templateRevisions.template, template),
        eq(templateRevisions.revision, revision),
        eq(templateRevisions.status, 'published'),
      ),
    )
    .returning({ id: templateRevisions.id })
  return rows.length > 0
}

/** Which revisions are in force, without their words: read at every tick. */
export async function listPublished(db: Db): Promise<Pick<Revision, 'id' | 'template'>[]> {
  return db
    .select({ id: templateRevisions.id, template: templateRevisions.template })
    .from(templateRevisions)
    .where(sql`${templateRevisions.status} = 'published'`)
}

/** Those of these ids that there are, in no order. */
export async function findRevisions(db: Db, ids: readonly string[]): Promise<Revision[]> {
  return db
    .select()
    .from(templateRevisions)
    .where(inArray(templateRevisions.id, [...ids]))
}

/** One revision of a template, or null. */
export async function findRevision(db: Db, template: string, revision: number): Promise<Revision | null> {
  const [row] = await db
    .select()
    .from(templateRevisions)
    .where(and(eq(templateRevisions.template, template), eq(templateRevisions.revision, revision)))
  return row ?? null
}

/** A template's newest revision of a status, or null. */
export async function newestRevision(
  db: Db,
  template: string,
  status: Revision['status'],
): Promise<Revision | null> {
  const [row] = await db
    .select()
    .from(templateRevisions)
    .where(and(eq(templateRevisions.template, template), eq(templateRevisions.status, status)))
    .orderBy(desc(templateRevisions.revision))
    .limit(1)
  return row ?? null
}

/** Revisions, newest first, of one template or of all. */
export async function listRevisions(db: Db, template: string | null): Promise<Omit<Revision, 'copy'>[]> {
  const { copy: _words, ...columns } = getTableColumns(templateRevisions)
  return db
    .select(columns)
    .from(templateRevisions)
    .where(template === null ? undefined : eq(templateRevisions.template, template))
    .orderBy(templateRevisions.template, desc(templateRevisions.revision))
}

/** Notes why today's template cannot use a revision, or (null) that it can. */
export async function noteMisfit(db: Db, id: string, misfit: string | null): Promise<void> {
  await db
    .update(templateRevisions)
    .set({ misfit })
    .where(and(eq(templateRevisions.id, id), sql`${templateRevisions.misfit} is distinct from ${misfit}`))
}
