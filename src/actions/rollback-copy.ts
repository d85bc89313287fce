import type { Context } from '../context.ts'
import type { CopyFinding } from '../core/copy.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import {
  findRevision,
  insertRevision,
  newestRevision,
  publishRevision,
  retireRevision,
} from '../store/revisions.ts'
import { refuseOrWarn } from './publish-copy.ts'

const overtaken = (template: string) =>
  new Problem(
    'conflict',
    `Someone else published ${template} at this moment. Look again: copy list ${template}`,
  )

/**
 * Brings earlier words back, as a new revision that is published at once; `to` 0 takes the published one out of force,
 * so that the words in code apply. Returns the new revision's number (0 for the code) and the warnings.
 * Throws Problem as `publishCopy` does.
 */
export async function rollbackCopy(
  ctx: Context,
  { template, to, note, actor }: { template: string; to: number; note: string | null; actor: string },
): Promise<{ revision: number; warnings: CopyFinding[] }> {
  const now = ctx.clock.now()
  const published = await newestRevision(ctx.db, template, 'published')
  if (to === (published?.revision ?? 0))
    throw new Problem('conflict', `${template} stands there already: nothing to roll back.`)
  if (to === 0) {
    await inTransaction(ctx.db, async (tx) => {
      if (!(await retireRevision(tx, template, published!.revision))) throw overtaken(template)
      const detail = { template, revision: 0, over: published!.revision }
      await insertAudit(tx, { actor, action: 'rollback-copy', subject: published!.id, detail }, now)
    })
    return { revision: 0, warnings: [] }
  }
  const earlier = await findRevision(ctx.db, template, to)
  if (!earlier || earlier.status === 'draft')
    throw new Problem(
      'not-found',
      `${template} never had a published revision ${to}. See: copy list ${template}`,
    )
  const warnings = await refuseOrWarn(ctx, template, earlier.copy)
  const over = published?.revision ?? 0
  const revision = await inTransaction(ctx.db, async (tx) => {
    const words = { template, copy: earlier.copy, author: actor, note: note ?? `as revision ${to}` }
    const again = await insertRevision(tx, { ...words, baseRevision: over }, now)
    if (!(await publishRevision(tx, { template, revision: again.revision, over }, now)))
      throw overtaken(template)
    const detail = { template, revision: again.revision, from: to, over }
    await insertAudit(tx, { actor, action: 'rollback-copy', subject: again.id, detail }, now)
    return again.revision
  })
  return { revision, warnings }
}
