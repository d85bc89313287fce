import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../../../src/context.ts'
import { isIdle } from '../../../src/store/idle.ts'

/** Resolves when nothing is due or in flight; throws after `seconds`. */
export async function untilIdle({ db, clock }: Pick<Context, 'db' | 'clock'>, seconds = 600): Promise<void> {
  const giveUp = performance.now() + seconds * 1_000
  while (!(await isIdle(db, clock.now()))) {
    if (performance.now() > giveUp) throw new Error(`not idle after ${seconds} s`)
    await sleep(20)
  }
}
