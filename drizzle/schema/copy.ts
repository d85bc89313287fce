import { sql } from 'drizzle-orm'
import { integer, jsonb, pgEnum, pgTable, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { revisionStatuses } from '../../src/core/copy.ts'
import { id, instant } from './columns.ts'

export const revisionStatus = pgEnum('revision_status', revisionStatuses)

/** Edited words of a template. A row's words never change; only its status does. */
export const templateRevisions = pgTable(
  'template_revisions',
  {
    id: id(),
    template: text('template').notNull(),
    /** 1, 2, 3 … within the template; 0 stands for the words in code. */
    revision: integer('revision').notNull(),
    status: revisionStatus('status').notNull(),
    copy: jsonb('copy').$type<object>().notNull(),
    author: text('author').notNull(),
    note: text('note'),
    /** What was in force when the edit began: publishing is refused when another one is by then. */
    baseRevision: integer('base_revision').notNull(),
    /** Why today's template cannot use it, found when a process started; null while it fits. */
    misfit: text('misfit'),
    createdAt: instant('created_at').notNull(),
    publishedAt: instant('published_at'),
  },
  (table) => [
    unique('template_revisions_number').on(table.template, table.revision),
    uniqueIndex('template_revisions_one_published')
      .on(table.template)
      .where(sql`status = 'published'`),
  ],
)

/** What somebody is at work on and has not published: kept as they type, so that a closed tab loses nothing. */
export const drafts = pgTable('drafts', {
  /** What it is about: `copy/lock-up`, `timing/back-spasms`. */
  subject: text('subject').primaryKey(),
  /** Another one at each save: a save names the version that it was made from. */
  version: uuid('version').notNull(),
  content: jsonb('content').$type<object>().notNull(),
  /** Number of the revision that was in force when it began. */
  base: integer('base').notNull(),
  author: text('author').notNull(),
  savedAt: instant('saved_at').notNull(),
})
