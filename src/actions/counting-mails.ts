import type { Context } from '../context.ts'
import type { CopyFinding } from '../core/copy.ts'
import { wordsOf } from './describe-copy.ts'
import { requireSequence } from './timing-draft.ts'

/** Mails of a sequence whose words in force count by themselves: with a step switched off, they say a wrong number. */
export async function countingMails(
  ctx: Context,
  sequence: string,
): Promise<(CopyFinding & { template: string })[]> {
  const { steps } = requireSequence(ctx, sequence)
  const all = await Promise.all(
    steps.map(async ({ template }) =>
      ctx.copyDesk
        .counts(await wordsOf(ctx, template, 'in-force'))
        .map((finding) => ({ ...finding, template })),
    ),
  )
  return all.flat()
}
