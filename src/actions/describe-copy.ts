import type { Context } from '../context.ts'
import type { CopyFinding, TaughtPoint, TemplateSheet, Words } from '../core/copy.ts'
import { Problem } from '../core/problem.ts'
import { findDraft, listDrafts } from '../store/drafts.ts'
import { findRevision, listRevisions, newestRevision } from '../store/revisions.ts'
import { copySubject, requireTemplate } from './copy-draft.ts'

/** Which words: those in force, those somebody is at work on, or a revision by its number (0: the code). */
export type CopyChoice = 'in-force' | 'draft' | number

/** What publishing these words would say, and what they teach. */
export type CopyReview = { findings: CopyFinding[]; coverage: TaughtPoint[] }

export type CopyState = {
  template: string
  sheet: TemplateSheet
  inForce: { revision: number; author: string | null; publishedAt: Date | null; words: Words }
  draft: { version: string; base: number; author: string; savedAt: Date; words: Words } | null
  /** Of the draft, or of the words in force where there is none. */
  review: CopyReview
}

/** One line for each template: what is in force, and who is at work on it. */
export async function listCopy(ctx: Context) {
  const rows = await listRevisions(ctx.db, null)
  const drafts = await listDrafts(ctx.db, 'copy')
  return [...ctx.templates].map((template) => {
    const inForce = rows.find((row) => row.template === template && row.status === 'published')
    const draft = drafts.find(({ subject }) => subject === copySubject(template))
    return {
      template,
      tag: ctx.copyDesk.sheet(template)!.tag,
      inForce: inForce
        ? { revision: inForce.revision, author: inForce.author, publishedAt: inForce.publishedAt }
        : null,
      draft: draft ? { author: draft.author, savedAt: draft.savedAt } : null,
    }
  })
}

/** All that the editor of a template starts from. Throws Problem `not-found`. */
export async function describeCopy(ctx: Context, template: string): Promise<CopyState> {
  requireTemplate(ctx, template)
  const published = await newestRevision(ctx.db, template, 'published')
  const words = await wordsOf(ctx, template, 'in-force')
  const draft = await findDraft(ctx.db, copySubject(template))
  return {
    template,
    sheet: ctx.copyDesk.sheet(template)!,
    inForce: {
      revision: published?.revision ?? 0,
      author: published?.author ?? null,
      publishedAt: published?.publishedAt ?? null,
      words,
    },
    draft: draft && {
      version: draft.version,
      base: draft.base,
      author: draft.author,
      savedAt: draft.savedAt,
      words: draft.content as Words,
    },
    review: await reviewCopy(ctx, template, draft?.content ?? words),
  }
}

/** Every check of these words, and what they teach. */
export async function reviewCopy(ctx: Context, template: string, words: object): Promise<CopyReview> {
  const [findings, coverage] = await Promise.all([
    ctx.copyDesk.check(template, words),
    ctx.copyDesk.coverage(template, words),
  ])
  return { findings, coverage }
}

/** The words of a choice. Throws Problem `not-found`; words in force that no longer fit give way to the code's. */
export async function wordsOf(ctx: Context, template: string, choice: CopyChoice): Promise<Words> {
  requireTemplate(ctx, template)
  const inCode = ctx.copyDesk.sheet(template)!.words
  if (choice === 0) return inCode
  if (choice === 'draft') {
    const draft = await findDraft(ctx.db, copySubject(template))
    // Without a draft, what is in force is what there is to look at.
    return draft ? (draft.content as Words) : wordsOf(ctx, template, 'in-force')
  }
  const row =
    choice === 'in-force'
      ? await newestRevision(ctx.db, template, 'published')
      : await findRevision(ctx.db, template, choice)
  if (!row && choice !== 'in-force') throw new Problem('not-found', 'There is no such revision of this mail.')
  const parsed = row ? ctx.copyDesk.parse(template, row.copy) : null
  if (parsed && 'copy' in parsed) return parsed.copy as Words
  if (row && choice !== 'in-force')
    throw new Problem('conflict', 'These words no longer fit the mail: start from the words in force.')
  return inCode
}
