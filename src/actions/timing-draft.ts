import type { Context } from '../context.ts'
import type { CopyFinding } from '../core/copy.ts'
import { Problem } from '../core/problem.ts'
import type { Sequence, Timings } from '../core/sequence.ts'
import { timingFindings } from '../core/timing.ts'
import { definitionOfSequence, hashSequence } from '../sequences/index.ts'
import { insertAudit } from '../store/audit.ts'
import { type Db, inTransaction } from '../store/db.ts'
import { type Draft, findDraft } from '../store/drafts.ts'
import { ensureDefinition } from '../store/enrollments.ts'
import { findTimings, publishTimings } from '../store/step-timings.ts'
import { currentSequence } from './definitions.ts'
import { claimDraft, saveDraft } from './save-draft.ts'

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

/**
 * Publishes drafted delays and windows: a new definition for enrollments that begin from now on; those that run keep
 * theirs. Throws Problem `invalid` when one of them cannot be, and `conflict` when somebody was faster.
 */
export async function publishTimingDraft(
  ctx: Context,
  input: { sequence: string; version: string; actor: string },
): Promise<CopyFinding[]> {
  const sequence = requireSequence(ctx, input.sequence)
  const subject = timingSubject(sequence.key)
  const seen = await findDraft(ctx.db, subject)
  const timings = (seen?.version === input.version ? seen.content : {}) as Timings
  const findings = timingFindings(sequence, timings, ctx.config.brand)
  const refused = findings.filter(({ level }) => level === 'refuse')
  if (refused.length > 0) throw new Problem('invalid', 'Not published: these must be mended first.', refused)
  await inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    const { base } = await claimDraft(tx, subject, input.version)
    const before = await findTimings(tx, sequence.key)
    const steps = differing(sequence, timings)
    if (!(await publishTimings(tx, sequence.key, { over: base, steps, author: input.actor }, now)))
      throw new Problem('conflict', 'Somebody published other times meanwhile. Look again.')
    const published = (await currentSequence(ctx, tx, sequence.key))!
    const hash = hashSequence(published)
    await ensureDefinition(tx, hash, definitionOfSequence(published), now)
    const detail = { revision: base + 1, before: before?.steps ?? {}, after: steps, definition: hash }
    await insertAudit(
      tx,
      { actor: input.actor, action: 'publish-timing', subject: sequence.key, detail },
      now,
    )
  })
  return findings
}

/** Those that are not as in code: what is as in code follows the code when it changes. */
function differing({ steps }: Sequence, timings: Timings): Timings {
  const entries = Object.entries(timings).filter(([key, { delayDays, window }]) => {
    const step = steps.find((one) => one.key === key)
    return (
      step?.delayDays !== delayDays || JSON.stringify(normal(step.window)) !== JSON.stringify(normal(window))
    )
  })
  return Object.fromEntries(
    entries.map(([key, { delayDays, window }]) => [key, { delayDays, window: normal(window)! }]),
  )
}

/** One way to write a window, so that the same one is the same definition. */
const normal = (window: Sequence['steps'][0]['window']) =>
  window && { days: [...window.days].sort((a, b) => a - b), from: window.from, to: window.to }
