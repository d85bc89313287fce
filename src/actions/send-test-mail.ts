import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { shareForAsking } from '../core/dispatch.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { newId } from '../store/new-id.ts'
import { awaitProviderTurn } from '../store/provider-turn.ts'
import { takeTurn } from '../store/turns.ts'
import { heedAnswer } from './heed-answer.ts'
import { type PreviewOf, previewCopy } from './preview-copy.ts'

/** Tests take of the same account as mail to leads. */
const everyMs = 2_000

/**
 * Mails a preview to the person who asks, through the way that all mail goes, and marked as a test.
 * Throws Problem as `previewCopy` does, `too-many` for one straight after another, and `busy` when it was not taken.
 */
export async function sendTestMail(
  ctx: Context,
  { to, actor, ...of }: PreviewOf & { to: string; actor: string },
): Promise<void> {
  const { subject, html, text } = await previewCopy(ctx, of)
  const now = ctx.clock.now()
  if (!(await takeTurn(ctx.db, 'test-mail', everyMs, now)))
    throw new Problem(
      'too-many',
      'A test was sent a moment ago. Try again in two seconds.',
      [],
      everyMs / 1_000,
    )
  const { from, replyTo } = ctx.config.brand
  const id = newId()
  const mail = { from, to: [to], reply_to: replyTo, subject: `[Test] ${subject}`, html, text }
  const share = shareForAsking(ctx.config.sending.requestsPerSecond)
  await awaitProviderTurn(ctx.db, share, ctx.clock.now)
  const result = await ctx.mailer.sendOne(id, mail)
  await inTransaction(ctx.db, (tx) => heedAnswer(ctx, tx, result))
  if (result.outcome !== 'accepted')
    throw new Problem('busy', 'The test mail was not taken by the provider. Try again in a moment.')
  await insertAudit(ctx.db, { actor, action: 'send-test', subject: `copy/${of.template}` }, now)
}
