import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import type { Sequence, Timings } from '../core/sequence.ts'
import type { Db } from '../store/db.ts'
import type { Draft } from '../store/drafts.ts'
import { findTimings } from '../store/step-timings.ts'
import { saveDraft } from './save-draft.ts'

/** What a draft of a sequence's delays and windows is kept under. */
export const timingSubject = (sequence: string) => `timing/${sequence}`

/** The sequence as it stands in code. Throws Problem `not-found`. */
export function requireSequence(ctx: Pick<Context, 'sequences'>, key: string): Sequence {
  const sequence = Object.hasOwn(ctx.sequences, key) ? ctx.sequences[key] : undefined
  if (!sequence) throw new Problem('not-found', 'There is no such sequence.')
  return sequence
}

/** Keeps delays and windows that a person is at work on. Throws Problem as `saveDraft` does. */
export async function saveTimingDraft(
  ctx: Context,
  input: { sequence: string; timings: Timings; over: string | null; base: number; actor: string },
): Promise<Draft> {
  const { sequence, timings, ...rest } = input
  requireSequence(ctx, sequence)
  const inForce = async (db: Db) => {
    const row = await findTimings(db, sequence)
    const at = row ? new Date(row.publishedAt) : null
    return { revision: row?.revision ?? 0, author: row?.author ?? null, at }
  }
  return saveDraft(ctx, { ...rest, subject: timingSubject(sequence), content: timings }, inForce)
}
