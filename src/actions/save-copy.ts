import type { Context } from '../context.ts'
import type { CopyFinding } from '../core/copy.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { insertRevision, type Revision } from '../store/revisions.ts'

type Draft = { template: string; copy: unknown; basedOn: number; note: string | null; actor: string }

/**
 * Saves words as a new draft. Throws Problem `invalid` when they do not fit the template.
 * `findings`: what publishing would say of them today.
 */
export async function saveCopy(
  ctx: Context,
  { template, copy, basedOn, note, actor }: Draft,
): Promise<{ draft: Revision; findings: CopyFinding[] }> {
  const parsed = ctx.copyDesk.parse(template, copy)
  if ('findings' in parsed)
    throw new Problem('invalid', `These words do not fit ${template}; nothing was saved.`, parsed.findings)
  const findings = await ctx.copyDesk.check(template, parsed.copy)
  const now = ctx.clock.now()
  const draft = await inTransaction(ctx.db, async (tx) => {
    const words = { template, copy: parsed.copy, author: actor, note, baseRevision: basedOn }
    const saved = await insertRevision(tx, words, now)
    const detail = { template, revision: saved.revision, basedOn }
    await insertAudit(tx, { actor, action: 'save-copy', subject: saved.id, detail }, now)
    return saved
  })
  return { draft, findings }
}
