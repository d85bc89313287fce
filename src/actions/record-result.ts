import type { Context } from '../context.ts'
import { retryDelayMs, takenByNone } from '../core/dispatch.ts'
import type { SendResult } from '../mail/mailer.ts'
import { type Db, inTransaction, inTwoTrips } from '../store/db.ts'
import { failDelivery } from '../store/deliveries.ts'
import { lockMembers, unsealDeliveries } from '../store/envelope-members.ts'
import { listOutcomes, recordAttempt } from '../store/attempts.ts'
import { countRefusals, excuseRefusals } from '../store/refusals.ts'
import { findPause } from '../store/pause.ts'
import {
  acceptDispatch,
  delayDispatch,
  type Dispatch,
  rateLimited,
  resolveDispatch,
} from '../store/dispatches.ts'
import { type Accepted, tellAccepted } from './accept-deliveries.ts'
import { definitionsOf } from './definitions.ts'
import { heedAnswer } from './heed-answer.ts'
import { holdEnrollments } from './hold-enrollments.ts'
import { openDispatch } from './open-dispatch.ts'
import { parkDispatch } from './park-dispatch.ts'
import { pause, pauseInside } from './pause.ts'

type Attempted = Pick<Dispatch, 'id' | 'fence' | 'deliveryIds'>

/** Refusals of single items that look like trouble of the account, not of those mails. */
const quotaWords = /quota|limit|exceed/i
/** The same of a mail that was alone in its envelope: it may be refused for a limit that it exceeds itself. */
const accountWords = /quota|(sending|daily|monthly|rate) limit/i
/**
 * So many refusals look like trouble of the account too: of one envelope, if they are over a fifth of it, or in a row
 * while nothing is taken. Fewer are a few bad addresses, each told of by itself.
 */
const manyRefusals = 5

/**
 * Writes down what an attempt came to and acts on it. The attempt's own record stays, whoever owns the dispatch by then:
 * envelopes are judged by all their attempts.
 */
export async function recordResult(ctx: Context, dispatch: Attempted, result: SendResult): Promise<void> {
  const { id, fence } = dispatch
  const pairs = result.outcome === 'accepted' ? pair(dispatch.deliveryIds, result) : null
  if (pairs)
    return recordAccepted(ctx, dispatch, result, pairs).catch(async (error: unknown) => {
      await recordAttempt(ctx.db, id, fence, result)
      throw error
    })
  // Together: whoever reads the record may open it, and what is opened would be sealed and refused again at once.
  await inTransaction(ctx.db, async (tx) => {
    await heedAnswer(ctx, tx, result)
    await recordAttempt(tx, id, fence, result)
  })
  const jitter = 1 + Math.random() / 4
  const rest = (reason: string) =>
    delayDispatch(ctx.db, id, fence, Math.max(result.retryAfterMs ?? 0, retryDelayMs(fence)) * jitter, reason)
  switch (result.outcome) {
    case 'accepted':
      return parkDispatch(ctx, dispatch, 'the answer does not add up')
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

type Pairs = { taken: Accepted[]; refused: string[] }

/** Which deliveries were taken: ids come in the body's order, without the refused items. Null when that does not add up. */
function pair(deliveryIds: readonly string[], result: SendResult): Pairs | null {
  const refusals = new Set(result.refused.map(({ index }) => index))
  const taken = deliveryIds.filter((_, index) => !refusals.has(index))
  const inRange = [...refusals].every((index) => index < deliveryIds.length)
  if (!inRange || taken.length !== result.ids.length) return null
  return {
    taken: taken.map((id, index) => ({ id, providerId: result.ids[index]! })),
    refused: deliveryIds.filter((_, index) => refusals.has(index)),
  }
}

async function recordAccepted(
  ctx: Context,
  { id, fence, deliveryIds }: Attempted,
  result: SendResult,
  { taken, refused }: Pairs,
): Promise<void> {
  // Of what was accepted there is one thing to note at most: no transaction.
  await heedAnswer(ctx, ctx.db, result)
  const suspicious =
    (refused.length >= manyRefusals && refused.length > deliveryIds.length / 5) ||
    result.refused.some(({ message }) => (deliveryIds.length > 1 ? quotaWords : accountWords).test(message))
  if (suspicious) await pause(ctx, { reason: 'many-items-refused', until: null })
  const now = ctx.clock.now()
  await inTwoTrips(
    ctx.db,
    async (tx) => {
      const [members, ours] = await Promise.all([
        lockMembers(tx, deliveryIds),
        acceptDispatch(tx, { id, fence, statusCode: result.statusCode, taken: taken.length > 0 }, now),
      ])
      return ours ? { members, definitions: await definitionsOf({ db: tx }, members) } : null
    },
    (tx, known) => {
      if (!known) return { result: undefined, told: Promise.resolve(), more: null }
      const { told, more } = tellAccepted(ctx, tx, taken, known.members, known.definitions)
      if (!more && refused.length === 0) return { result: undefined, told, more: null }
      return {
        result: undefined,
        told,
        async more() {
          await more?.()
          if (suspicious) await excuseRefusals(tx, refused.length, now)
          const inRow = !suspicious && taken.length === 0 && (await pauseAfterMany(ctx, tx, refused.length))
          // Each alone from now on: who resumes learns which of them it was, and is not asked about these again.
          if (suspicious || inRow) return unsealDeliveries(tx, id, 1)
          const held: string[] = []
          for (const { id: deliveryId, enrollmentId, status } of known.members)
            if (refused.includes(deliveryId) && status === 'sealed')
              if (await failDelivery(tx, deliveryId, 'failed', 'refused by the provider'))
                held.push(enrollmentId)
          await holdEnrollments(ctx, tx, held)
        },
      }
    },
    [],
  )
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
    if (await pauseAfterMany(ctx, tx, 1)) return unsealDeliveries(tx, dispatch.id, 1)
    // Events may have told meanwhile that an earlier mail of it arrived: then there is no trouble.
    if (await failDelivery(tx, delivery!.id, 'failed', `refused by the provider: ${reason}`))
      await holdEnrollments(ctx, tx, [delivery!.enrollmentId])
  })
}

/**
 * Counts refusals since the provider last took anything. Too many in a row have one cause, and that is none of these
 * mails': then all sending pauses, and true is returned.
 */
async function pauseAfterMany(ctx: Context, tx: Db, refused: number): Promise<boolean> {
  const now = ctx.clock.now()
  // Counted first: that waits for whoever pauses now.
  const count = await countRefusals(tx, refused, now)
  // Those that were on their way when the pause began are asked about with the others.
  const isAsked = (await findPause(tx))?.reason === 'many-items-refused'
  if (!isAsked && count < manyRefusals) return false
  // Of a count that is excused already, its own part is taken back.
  await excuseRefusals(tx, count > 0 ? refused : 2 * refused, now)
  await pauseInside(ctx, tx, { reason: 'many-items-refused', until: null })
  return true
}
