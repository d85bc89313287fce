import type { Db } from './db.ts'
import { findSetting, lockSetting, putSetting } from './settings.ts'

/** Keys of the steps switched off, by sequence. */
export type Switched = Record<string, string[]>
export const stepsOffKey = 'steps-off'

/** Keys of the steps of a sequence that new enrollments leave out. */
export async function findStepsOff(db: Db, sequence: string): Promise<string[]> {
  return (await findSetting<Switched>(db, stepsOffKey))?.[sequence] ?? []
}

/**
 * Replaces the keys of the steps of one sequence that are off by what `change` makes of them. Who switches another at
 * the same time waits until this transaction ends.
 */
export async function changeStepsOff(
  tx: Db,
  sequence: string,
  change: (off: readonly string[]) => string[],
  now: Date,
): Promise<void> {
  const all = await lockSetting<Switched>(tx, stepsOffKey, {}, now)
  await putSetting(tx, stepsOffKey, { ...all, [sequence]: change(all[sequence] ?? []) }, now)
}
