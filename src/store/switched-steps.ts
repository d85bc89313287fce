import type { Db } from './db.ts'
import { findSetting, putSetting } from './settings.ts'

type Switched = Record<string, string[]>
const key = 'steps-off'

/** Keys of the steps of a sequence that new enrollments leave out. */
export async function findStepsOff(db: Db, sequence: string): Promise<string[]> {
  return (await findSetting<Switched>(db, key))?.[sequence] ?? []
}

export async function putStepsOff(db: Db, sequence: string, steps: string[], now: Date): Promise<void> {
  await putSetting(db, key, { ...(await findSetting<Switched>(db, key)), [sequence]: steps }, now)
}
