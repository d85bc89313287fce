import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from './db.ts'
import { takeTurn } from './turns.ts'

/** However busy it is, a call is made after this long. */
const longestWaitMs = 10_000
const lookMs = 200

/**
 * Waits for one of the `perSecond` calls, over all processes, that are kept of the limit for all that is not mail to
 * leads: alerts, tests and questions to the provider.
 */
export async function awaitProviderTurn(db: Db, perSecond: number, now: () => Date): Promise<void> {
  const giveUp = Date.now() + longestWaitMs
  const everyMs = Math.ceil(1_000 / perSecond)
  while (!(await takeTurn(db, 'provider-turn', everyMs, now())) && Date.now() < giveUp)
    await sleep(Math.min(lookMs, everyMs))
}
