import type { Db } from './db.ts'
import { findSetting, putSetting } from './settings.ts'

/** Keys of the steps switched off, by sequence. */
export type Switched = Record<string, string[]>
export const stepsOffKey = 'steps-off'

/** Keys of the steps of a sequence that new enrollments leave out. */
export async function findStepsOff(db: Db, sequence: string): Promise<string[]> {
  return (await findSetting<Switched>(db, stepsOffKey))?.[sequence] ?? []
}

export async function putStepsOff(db: Db, sequence: string, steps: string[], now: Date): Promise<void> {
  await putSetting(
    db,
    stepsOffKey,
    { ...(await findSetting<Switched>(db, stepsOffKey)), [sequence]: steps },
    now,
  )
}
