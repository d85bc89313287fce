import type { Context } from '../context.ts'
import type { CopyFinding } from '../core/copy.ts'
import { Problem } from '../core/problem.ts'
import type { Sequence, Timings } from '../core/sequence.ts'
import { timingFindings } from '../core/timing.ts'
import { definitionOfSequence, hashSequence } from '../sequences/index.ts'
import { insertAudit } from '../store/audit.ts'
import { type Db, inTransaction } from '../store/db.ts'
import { findDraft } from '../store/drafts.ts'
import { ensureDefinition } from '../store/enrollments.ts'
import { findTimings, publishTimings, timingActs } from '../store/step-timings.ts'
import { currentSequence } from './definitions.ts'
import { claimDraft } from './save-draft.ts'
import { requireSequence, timingSubject } from './timing-draft.ts'

type Publication = {
  sequence: string
  version: string
  /** The revision that the person means to replace; by default what the draft began from. */
  over?: number | undefined
  actor: string
}

/**
 * Publishes drafted delays and windows: a new definition for enrollments that begin from now on; those that run keep
 * theirs. Throws Problem `invalid` when one of them cannot be, and `conflict` when somebody was faster.
 */
export async function publishTimingDraft(
  ctx: Context,
  { version, over, actor, ...input }: Publication,
): Promise<CopyFinding[]> {
  const sequence = requireSequence(ctx, input.sequence)
  const subject = timingSubject(sequence.key)
  const seen = await findDraft(ctx.db, subject)
  const timings = (seen?.version === version ? seen.content : {}) as Timings
  const findings = checkTimings(ctx, sequence, timings)
  await inTransaction(ctx.db, async (tx) => {
    const { base } = await claimDraft(tx, subject, version)
    await putInForce(ctx, tx, { sequence, timings, over: over ?? base, actor, action: timingActs.publish })
  })
  return findings
}

/** What to look at in timings. Throws Problem `invalid` when one of them cannot be. */
export function checkTimings(
  ctx: Pick<Context, 'config'>,
  sequence: Sequence,
  timings: Timings,
): CopyFinding[] {
  const findings = timingFindings(sequence, timings, ctx.config.brand)
  const refused = findings.filter(({ level }) => level === 'refuse')
  if (refused.length > 0) throw new Problem('invalid', 'Not published: these must be mended first.', refused)
  return findings
}

type Change = {
  sequence: Sequence
  timings: Timings
  over: number
  actor: string
  action: (typeof timingActs)[keyof typeof timingActs]
  /** What else the log is to know. */
  more?: object
}

/** Puts timings in the place of revision `over`, on record. Throws Problem `conflict` when another is in force. */
export async function putInForce(
  ctx: Context,
  tx: Db,
  { sequence, timings, over, actor, action, more }: Change,
): Promise<void> {
  const now = ctx.clock.now()
  const before = await findTimings(tx, sequence.key)
  const steps = differing(sequence, timings)
  if (!(await publishTimings(tx, sequence.key, { over, steps, author: actor }, now))) {
    const winner = await findTimings(tx, sequence.key)
    const who = winner
      ? `${winner.author} published other times at ${winner.publishedAt}`
      : 'Other times apply'
    throw new Problem('conflict', `${who}, while you were at work. Look again.`)
  }
  const published = (await currentSequence(ctx, tx, sequence.key))!
  const hash = hashSequence(published)
  await ensureDefinition(tx, hash, definitionOfSequence(published), now)
  const detail = { revision: over + 1, before: before?.steps ?? {}, after: steps, definition: hash, ...more }
  await insertAudit(tx, { actor, action, subject: sequence.key, detail }, now)
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
