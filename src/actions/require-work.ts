import { fieldText } from '../capture/bot-signs.ts'
import { solutionKey, solvedChallenge, solveWithinSeconds } from '../capture/proof-of-work.ts'
import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import type { Submission } from '../core/submission.ts'
import { countForm } from '../store/form-counts.ts'
import type { Source } from '../store/sources.ts'

/**
 * Takes the proof of work that a form brings, once over all processes.
 * Throws Problem `forbidden` when there is none, it is wrong or too old, or it was taken before.
 */
export async function requireWork(
  ctx: Pick<Context, 'config' | 'db' | 'formSecrets'>,
  source: Pick<Source, 'slug'>,
  submission: Submission,
): Promise<void> {
  const solution = fieldText(submission.fields, solutionKey)
  const challenge = solution && (await solvedChallenge(ctx.formSecrets.challengeKey, source.slug, solution))
  if (challenge) {
    const key = ctx.formSecrets.countKey(`challenge ${challenge}`)
    // Kept longer than the challenge itself is good.
    const [used] = await countForm(ctx.db, [{ key, seconds: 2 * solveWithinSeconds }])
    if (used!.count === 1) return
  }
  throw new Problem(
    'forbidden',
    'This form has to be sent from its page, with JavaScript on. ' +
      `Load the page again and send it once more, or call us: ${ctx.config.brand.phone}.`,
  )
}
