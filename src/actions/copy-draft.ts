import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import type { Db } from '../store/db.ts'
import type { Draft } from '../store/drafts.ts'
import { newestRevision } from '../store/revisions.ts'
import { saveDraft } from './save-draft.ts'

/** What a draft of a template's words is kept under. */
export const copySubject = (template: string) => `copy/${template}`

/** Throws Problem `not-found` for a template that is not there. */
export function requireTemplate(ctx: Pick<Context, 'templates'>, template: string): void {
  if (!ctx.templates.has(template)) throw new Problem('not-found', 'There is no such mail.')
}

/** Keeps words that a person is at work on, fit to be published or not. Throws Problem as `saveDraft` does. */
export async function saveCopyDraft(
  ctx: Context,
  input: { template: string; words: object; over: string | null; base: number; actor: string },
): Promise<Draft> {
  const { template, words, ...rest } = input
  requireTemplate(ctx, template)
  const inForce = async (db: Db) => {
    const row = await newestRevision(db, template, 'published')
    return { revision: row?.revision ?? 0, author: row?.author ?? null, at: row?.publishedAt ?? null }
  }
  return saveDraft(ctx, { ...rest, subject: copySubject(template), content: words }, inForce)
}
