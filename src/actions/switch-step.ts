import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { changeStepsOff } from '../store/switched-steps.ts'

/**
 * Switches a step off or on for new enrollments; those that run keep what they began with.
 * Throws Problem `not-found` for an unknown sequence or step, and `conflict` for the first step, which stays.
 */
export async function switchStep(
  ctx: Pick<Context, 'db' | 'sequences' | 'clock'>,
  input: { sequence: string; step: string; on: boolean; actor: string },
): Promise<void> {
  const sequence = Object.hasOwn(ctx.sequences, input.sequence) ? ctx.sequences[input.sequence] : undefined
  if (!sequence) throw new Problem('not-found', `No sequence ${input.sequence}.`)
  const keys = sequence.steps.map((step) => step.key)
  if (!keys.includes(input.step))
    throw new Problem('not-found', `No step ${input.step}. There are: ${keys.join(', ')}.`)
  if (!input.on && keys[0] === input.step && sequence.steps[0].window === null)
    throw new Problem('conflict', `${input.step} answers the form at once, so it stays on.`)
  await inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    const change = (off: readonly string[]) => {
      const others = off.filter((key) => key !== input.step)
      return input.on ? others : [...others, input.step]
    }
    await changeStepsOff(tx, sequence.key, change, now)
    const action = input.on ? 'step-on' : 'step-off'
    await insertAudit(tx, { actor: input.actor, action, subject: `${sequence.key}/${input.step}` }, now)
  })
}
