import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { lockSource, setForm, type Source } from '../store/sources.ts'
import { originsFor } from './add-source.ts'

/**
 * Changes which sites may send a public form.
 * Throws Problem `not-found`, and `config` for what is no origin or a source that is no public form.
 */
export async function changeForm(
  ctx: Pick<Context, 'db' | 'clock'>,
  input: { slug: string; origins: readonly string[]; actor: string },
): Promise<Source> {
  return inTransaction(ctx.db, async (tx) => {
    const source = await lockSource(tx, input.slug)
    if (!source) throw new Problem('not-found', `No source ${input.slug}.`)
    const origins = originsFor(source.adapter, input.origins)
    await setForm(tx, source.id, { origins })
    await insertAudit(
      tx,
      { actor: input.actor, action: 'change-form', subject: source.slug },
      ctx.clock.now(),
    )
    return { ...source, origins }
  })
}
