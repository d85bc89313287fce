import type { FieldMapping } from '../capture/map-fields.ts'
import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { findSource, setMapping } from '../store/sources.ts'

/**
 * Sets which field of a source's form means what, for all captures from now on; null lets everything be guessed.
 * Throws Problem `not-found` when there is no such source.
 */
export async function mapSource(
  ctx: Pick<Context, 'db' | 'clock'>,
  input: { slug: string; mapping: FieldMapping | null; actor: string },
): Promise<void> {
  const { slug, mapping, actor } = input
  await inTransaction(ctx.db, async (tx) => {
    const source = await findSource(tx, slug)
    if (!source) throw new Problem('not-found', `No source ${slug}.`)
    await setMapping(tx, source.id, mapping)
    const detail = { before: source.mapping, after: mapping }
    await insertAudit(tx, { actor, action: 'map-source', subject: slug, detail }, ctx.clock.now())
  })
}
