import { setTimeout as sleep } from 'node:timers/promises'
import type { Db } from './db.ts'
import { takeTurn } from './settings.ts'

/** However busy it is, a question is asked after this long. */
const longestWaitMs = 10_000
const lookMs = 200

/**
 * True for one caller in a while, over all processes: what is kept of the limit on calls for all that is not mail to
 * leads, `perSecond` calls. Alerts, which their queue limits, only say that they took a turn.
 */
export const takeProviderTurn = (db: Db, perSecond: number, now: Date): Promise<boolean> =>
  takeTurn(db, 'provider-turn', Math.ceil(1_000 / perSecond), now)

/** Waits until the provider may be asked something. */
export async function awaitProviderTurn(db: Db, perSecond: number, now: () => Date): Promise<void> {
  const giveUp = Date.now() + longestWaitMs
  while (!(await takeProviderTurn(db, perSecond, now())) && Date.now() < giveUp)
    await sleep(Math.min(lookMs, Math.ceil(1_000 / perSecond)))
}
