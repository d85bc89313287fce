import type { Context } from '../context.ts'
import type { CopyFinding } from '../core/copy.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { findDraft } from '../store/drafts.ts'
import { insertRevision, newestRevision, publishRevision } from '../store/revisions.ts'
import { copySubject, requireTemplate } from './copy-draft.ts'
import { refuseOrWarn } from './publish-copy.ts'
import { claimDraft } from './save-draft.ts'

type Publication = {
  template: string
  version: string
  /** The revision that the person means to replace; by default what the draft began from. */
  over?: number | undefined
  note: string | null
  actor: string
}

/**
 * Publishes the draft as a person sees it: every worker uses it from its next tick on, and sealed mail stays as it was.
 * Throws Problem `invalid` when a check refuses it, and `conflict` when it was saved anew or other words were published.
 */
export async function publishDraft(
  ctx: Context,
  { template, version, over, note, actor }: Publication,
): Promise<{ revision: number; warnings: CopyFinding[] }> {
  requireTemplate(ctx, template)
  const seen = await findDraft(ctx.db, copySubject(template))
  const parsed = seen?.version === version ? ctx.copyDesk.parse(template, seen.content) : null
  if (parsed && 'findings' in parsed)
    throw new Problem('invalid', 'Not published: these must be mended first.', parsed.findings)
  const warnings = parsed ? await refuseOrWarn(ctx, template, parsed.copy) : []
  return inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    // Another version than what was checked throws here.
    const draft = await claimDraft(tx, copySubject(template), version)
    const replaced = over ?? draft.base
    const words = { template, copy: parsed!.copy, author: actor, note, baseRevision: replaced }
    const { id, revision } = await insertRevision(tx, words, now)
    if (!(await publishRevision(tx, { template, revision, over: replaced }, now))) {
      const winner = await newestRevision(tx, template, 'published')
      const who = winner
        ? `${winner.author} published revision ${winner.revision} at ${winner.publishedAt?.toISOString()}`
        : 'Somebody went back to the words in code'
      throw new Problem('conflict', `${who}, while you were at work. Compare the two before you publish.`)
    }
    const detail = { template, revision, over: replaced }
    await insertAudit(tx, { actor, action: 'publish-copy', subject: id, detail }, now)
    return { revision, warnings }
  })
}
