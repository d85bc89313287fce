import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { lockSource, setSecrets, type Source } from '../store/sources.ts'
import { secretFor } from './add-source.ts'

type Input = { slug: string; actor: string }

/**
 * Gives a source a new secret beside the one it has, so that none is refused while the form's tool is changed over.
 * `secret` is what the tool made, null to make one. Returns the source as it is now, its newest secret first.
 * Throws Problem `not-found`, `config` as `secretFor` does, and `conflict` while an earlier rotation is not finished.
 */
export async function rotateSecret(
  ctx: Pick<Context, 'db' | 'clock'>,
  input: Input & { secret: string | null },
): Promise<Source> {
  return change(ctx, input, 'rotate-secret', ({ adapter, secrets }) => {
    const secret = secretFor(adapter, input.secret)
    if (secret === null)
      throw new Problem('conflict', 'A form in a browser can keep no secret, so it has none.')
    if (secrets.length > 1)
      throw new Problem(
        'conflict',
        'It has two secrets already. Finish that rotation first: `source retire`.',
      )
    return [secret, ...secrets]
  })
}

/**
 * Ends a rotation: only the newest secret of a source is good from now on.
 * Throws Problem `not-found`, and `conflict` when there is only one.
 */
export async function retireSecret(ctx: Pick<Context, 'db' | 'clock'>, input: Input): Promise<Source> {
  return change(ctx, input, 'retire-secret', ({ secrets }) => {
    if (secrets.length < 2) throw new Problem('conflict', 'There is no older secret to retire.')
    return secrets.slice(0, 1)
  })
}

async function change(
  ctx: Pick<Context, 'db' | 'clock'>,
  input: Input,
  action: string,
  next: (source: Source) => string[],
): Promise<Source> {
  return inTransaction(ctx.db, async (tx) => {
    const source = await lockSource(tx, input.slug)
    if (!source) throw new Problem('not-found', `No source ${input.slug}.`)
    const secrets = next(source)
    await setSecrets(tx, source.id, secrets)
    await insertAudit(tx, { actor: input.actor, action, subject: input.slug }, ctx.clock.now())
    return { ...source, secrets }
  })
}
