import type { Context } from '../context.ts'
import { retryDelayMs, takenByNone } from '../core/dispatch.ts'
import type { SendResult } from '../mail/mailer.ts'
import { inTransaction } from '../store/db.ts'
import { failDelivery, lockMembers, unsealDeliveries } from '../store/deliveries.ts'
import {
  delayDispatch,
  type Dispatch,
  listOutcomes,
  rateLimited,
  recordAttempt,
  resolveDispatch,
} from '../store/dispatches.ts'
import { settleEnrollments } from '../store/enrollments.ts'
import { acceptDeliveries } from './accept-deliveries.ts'
import { heedAnswer } from './heed-answer.ts'
import { openDispatch } from './open-dispatch.ts'
import { parkDispatch } from './park-dispatch.ts'
import { pause } from './pause.ts'

type Attempted = Pick<Dispatch, 'id' | 'fence' | 'deliveryIds'>

/** Refusals of single items that look like trouble of the account, not of those mails. */
const quotaWords = /quota|limit|exceed/i
const manyRefusals = 5

/**
 * Writes down what an attempt came to and acts on it. The attempt's own record comes first and stays, whoever owns
 * the dispatch by then: envelopes are judged by all their attempts.
 */
export async function recordResult(ctx: Context, dispatch: Attempted, result: SendResult): Promise<void> {
  const { id, fence } = dispatch
  await recordAttempt(ctx.db, id, fence, {
    outcome: result.outcome,
    statusCode: result.statusCode,
    errorName: result.errorName,
  })
  // Before anything opens: what is opened would be sealed and refused again at once.
  await heedAnswer(ctx, result)
  const jitter = 1 + Math.random() / 4
  const rest = (reason: string) =>
    delayDispatch(ctx.db, id, fence, Math.max(result.retryAfterMs ?? 0, retryDelayMs(fence)) * jitter, reason)
  switch (result.outcome) {
    case 'accepted':
      return recordAccepted(ctx, dispatch, result)
    case 'refused':
      // A refusal after an unclear attempt proves nothing about that one: the mail may have gone out then.
      if (!takenByNone(await listOutcomes(ctx.db, id))) return rest(`unclear before ${result.errorName}`)
      return recordRefused(ctx, dispatch, result)
    case 'rate-limited':
      return delayDispatch(ctx.db, id, fence, (result.retryAfterMs ?? 1_000) * jitter, rateLimited)
    case 'unknown':
      return rest(result.errorName ?? 'no clear answer')
  }
}

/** Pairs the answer with the deliveries: ids come in the body's order, without the refused items. */
async function recordAccepted(ctx: Context, dispatch: Attempted, result: SendResult): Promise<void> {
  const refusals = new Map(result.refused.map(({ index, message }) => [index, message]))
  const taken = dispatch.deliveryIds.filter((_, index) => !refusals.has(index))
  const inRange = [...refusals.keys()].every((index) => index < dispatch.deliveryIds.length)
  if (!inRange || taken.length !== result.ids.length)
    return parkDispatch(ctx, dispatch, 'the answer does not add up')
  const refused = dispatch.deliveryIds.filter((_, index) => refusals.has(index))
  const suspicious =
    (refused.length >= manyRefusals && refused.length > dispatch.deliveryIds.length / 5) ||
    [...refusals.values()].some((message) => quotaWords.test(message))
  if (suspicious) await pause(ctx, { reason: 'many-items-refused', until: null })
  await inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    const members = await lockMembers(tx, dispatch.deliveryIds)
    if (!(await resolveDispatch(tx, dispatch.id, dispatch.fence, 'accepted', null, now))) return
    await acceptDeliveries(
      ctx,
      tx,
      taken.map((id, index) => ({ id, providerId: result.ids[index]! })),
      members,
    )
    if (suspicious) return unsealDeliveries(tx, dispatch.id, null)
    const failed = members.filter(({ id, status }) => refused.includes(id) && status === 'sealed')
    for (const { id } of failed) await failDelivery(tx, id, 'failed', 'refused by the provider')
    await settleEnrollments(
      tx,
      failed.map((row) => row.enrollmentId),
      'held',
      now,
    )
  })
}

/** A refusal of the whole: trouble of the account opens it as it was, a refusal of content looks for the culprit. */
async function recordRefused(ctx: Context, dispatch: Attempted, result: SendResult): Promise<void> {
  const size = dispatch.deliveryIds.length
  const reason = result.errorName ?? 'refused'
  if (result.trouble) return openDispatch(ctx, dispatch, { groupLimit: null, reason })
  if (size > 1) return openDispatch(ctx, dispatch, { groupLimit: size > 10 ? 10 : 1, reason })
  await inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    const [delivery] = await lockMembers(tx, dispatch.deliveryIds)
    if (!(await resolveDispatch(tx, dispatch.id, dispatch.fence, 'opened', reason, now))) return
    await failDelivery(tx, delivery!.id, 'failed', `refused by the provider: ${reason}`)
    await settleEnrollments(tx, [delivery!.enrollmentId], 'held', now)
  })
}
