import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { lockSource, setForm, type Source } from '../store/sources.ts'
import { checkWork, originsFor } from './add-source.ts'

/**
 * Changes how a public form may be sent, or whether the leads of any source are asked first; null leaves a thing as it is.
 * Throws Problem `not-found`, and `config` for what is no origin or a source that is no public form.
 */
export async function changeForm(
  ctx: Pick<Context, 'db' | 'clock'>,
  input: {
    slug: string
    origins: readonly string[] | null
    proofOfWork: boolean | null
    doubleOptIn: boolean | null
    actor: string
  },
): Promise<Source> {
  return inTransaction(ctx.db, async (tx) => {
    const source = await lockSource(tx, input.slug)
    if (!source) throw new Problem('not-found', `No source ${input.slug}.`)
    const form = {
      origins: originsFor(source.adapter, input.origins ?? source.origins),
      proofOfWork: input.proofOfWork ?? source.proofOfWork,
      doubleOptIn: input.doubleOptIn ?? source.doubleOptIn,
    }
    checkWork(source.adapter, form.proofOfWork)
    await setForm(tx, source.id, form)
    await insertAudit(
      tx,
      { actor: input.actor, action: 'change-form', subject: source.slug },
      ctx.clock.now(),
    )
    return { ...source, ...form }
  })
}
