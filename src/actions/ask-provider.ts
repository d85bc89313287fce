import type { Context } from '../context.ts'
import { inTransaction } from '../store/db.ts'
import { findSealedMember } from '../store/envelope-members.ts'
import { markProven } from '../store/dispatch-marks.ts'
import type { Dispatch } from '../store/dispatches.ts'
import { lockAddress } from '../store/contact-locks.ts'
import { takeTurn } from '../store/turns.ts'
import { acceptDeliveries } from './accept-deliveries.ts'

/** All workers together ask no oftener: each question is up to five calls of the same rate that mail is sent with. */
const askEveryMs = 10_000

/**
 * Asks the provider's list for one mail of an envelope that waits for evidence. A mail of that list shows no tag, but
 * its words hold the unsubscribe link, which is signed and of this delivery alone: a mail with that link is proof as
 * good as an event. Not to find it proves nothing. Returns true when it was found.
 */
export async function askProvider(
  ctx: Context,
  dispatch: Pick<Dispatch, 'id' | 'firstAttemptAt'>,
): Promise<boolean> {
  if (!dispatch.firstAttemptAt || !(await takeTurn(ctx.db, 'ask-provider', askEveryMs, ctx.clock.now())))
    return false
  const member = await findSealedMember(ctx.db, dispatch.id)
  if (!member?.email) return false
  const mark = ctx.links.unsubscribe(member.id)
  const providerId = await ctx.mailer.findTaken({ to: member.email, mark, since: dispatch.firstAttemptAt })
  // A mail that a person gave up holds the same link.
  if (providerId === null || member.givenUp?.includes(providerId)) return false
  await inTransaction(ctx.db, async (tx) => {
    if (member.foldedKey) await lockAddress(tx, member.foldedKey)
    await acceptDeliveries(ctx, tx, [{ id: member.id, providerId }])
    await markProven(tx, member.id, null)
  })
  ctx.log.info({ dispatch: dispatch.id }, 'the provider’s list proves an envelope in doubt')
  ctx.wake()
  return true
}
