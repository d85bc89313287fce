import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { countForm } from '../store/form-counts.ts'

/**
 * Counts a public form from a connection (`ip`) or for an address (`address`, folded as suppression folds it), over
 * all processes. Neither is stored in clear.
 * Throws Problem `too-many`, with when to come again, once there were more than the limits allow.
 */
export async function limitForm(
  ctx: Pick<Context, 'config' | 'db' | 'formSecrets'>,
  kind: 'ip' | 'address',
  value: string,
): Promise<void> {
  const limits = ctx.config.forms.limits[kind]
  if (limits.length === 0) return
  const keys = limits.map(({ seconds }) => ({
    key: ctx.formSecrets.countKey(`${kind} ${seconds} ${value}`),
    seconds,
  }))
  const counts = await countForm(ctx.db, keys)
  const waits = counts.filter(({ count }, index) => count > limits[index]!.most)
  if (waits.length === 0) return
  const seconds = Math.max(1, ...waits.map(({ secondsLeft }) => secondsLeft))
  const minutes = Math.ceil(seconds / 60)
  throw new Problem(
    'too-many',
    `This form came too often in a short time, so it was not kept. ` +
      `Send it again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}, ` +
      `or call us: ${ctx.config.brand.phone}.`,
    [],
    seconds,
  )
}
