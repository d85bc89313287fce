import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import type { Sequence } from '../core/sequence.ts'
import { hashSequence } from '../sequences/index.ts'
import { definitionsInUse, ensureDefinition, findDefinition } from '../store/enrollments.ts'

/** Definitions never change under their hash, so each process reads one once. */
const known = new Map<string, Sequence>()

/** The definition that an enrollment began with. Throws when the database does not hold it, which a foreign key forbids. */
export async function definitionOf(ctx: Pick<Context, 'db'>, hash: string): Promise<Sequence> {
  const cached = known.get(hash)
  if (cached) return cached
  const found = await findDefinition(ctx.db, hash)
  if (!found) throw new Error(`No sequence definition ${hash}`)
  known.set(hash, found)
  return found
}

/**
 * Stores today's sequences, and checks that every running enrollment's templates are still there.
 * Throws Problem `config` naming the template that an active enrollment needs and the code no longer has.
 */
export async function registerSequences(
  ctx: Pick<Context, 'db' | 'sequences' | 'templates' | 'clock'>,
): Promise<void> {
  for (const sequence of Object.values(ctx.sequences))
    await ensureDefinition(ctx.db, hashSequence(sequence), sequence, ctx.clock.now())
  for (const definition of await definitionsInUse(ctx.db))
    for (const step of definition.steps)
      if (!ctx.templates.has(step.template))
        throw new Problem(
          'config',
          `The template ${step.template} is missing, but enrollments that run need it for ${step.key}. ` +
            'Bring it back, or stop those enrollments first.',
        )
}
