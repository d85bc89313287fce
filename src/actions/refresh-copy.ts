import type { Context } from '../context.ts'
import { findRevisions, listPublished, noteMisfit } from '../store/revisions.ts'

/**
 * Takes up what was published or taken back since the last tick, so that a mail costs no look-up. Words that today's
 * template cannot use are left aside for its words in code: said in the log, and in health, but never a crash.
 */
export async function refreshCopy(
  ctx: Pick<Context, 'db' | 'published' | 'copyDesk' | 'log'>,
): Promise<void> {
  const { published } = ctx
  const heads = await listPublished(ctx.db)
  const current = new Map(heads.map(({ template, id }) => [template, id]))
  for (const template of published.keys()) if (!current.has(template)) published.delete(template)
  const fresh = heads.filter(({ template, id }) => published.get(template)?.id !== id)
  if (fresh.length === 0) return
  const rows = await findRevisions(
    ctx.db,
    fresh.map(({ id }) => id),
  )
  for (const { id, template, revision, copy } of rows) {
    const parsed = ctx.copyDesk.parse(template, copy)
    const misfit = 'copy' in parsed ? null : reason(parsed.findings)
    if (misfit !== null)
      ctx.log.warn(
        { template, revision, misfit },
        'a published revision does not fit: using the copy in code',
      )
    published.set(template, { id, revision, copy: 'copy' in parsed ? parsed.copy : null })
    await noteMisfit(ctx.db, id, misfit)
  }
}

const reason = ([first]: readonly { field: string; message: string }[]) =>
  first ? `${first.field} ${first.message}` : 'unknown'
