import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { opensEveryYear } from '../core/schedule.ts'
import type { Sequence } from '../core/sequence.ts'
import { asEnrolled } from '../sequences/as-enrolled.ts'
import { definitionOfSequence, hashSequence } from '../sequences/index.ts'
import type { Db } from '../store/db.ts'
import { definitionsInUse, ensureDefinition, findDefinition } from '../store/enrollments.ts'
import { findTimings } from '../store/step-timings.ts'
import { findStepsOff } from '../store/switched-steps.ts'

/** Definitions never change under their hash, so each process reads one once. */
const known = new Map<string, Sequence>()

/** The definition that an enrollment began with. Throws when the database does not hold it, which a foreign key forbids. */
export async function definitionOf(ctx: Pick<Context, 'db'>, hash: string): Promise<Sequence> {
  const cached = known.get(hash)
  if (cached) return cached
  const found = await findDefinition(ctx.db, hash)
  if (!found) throw new Error(`No sequence definition ${hash}`)
  known.set(hash, found)
  return found
}

/** The definitions of several enrollments, by hash: what is done for each of them then waits for nothing. */
export async function definitionsOf(
  ctx: Pick<Context, 'db'>,
  enrollments: readonly { definitionHash: string }[],
): Promise<Map<string, Sequence>> {
  const definitions = new Map<string, Sequence>()
  for (const { definitionHash: hash } of enrollments)
    if (!definitions.has(hash)) definitions.set(hash, await definitionOf(ctx, hash))
  return definitions
}

/**
 * A sequence as a new enrollment gets it: with the steps and timings that people chose. Null for one that is not there.
 */
export async function currentSequence(
  ctx: Pick<Context, 'sequences'>,
  db: Db,
  key: string,
): Promise<Sequence | null> {
  const whole = Object.hasOwn(ctx.sequences, key) ? ctx.sequences[key] : undefined
  if (!whole) return null
  const off = await findStepsOff(db, key)
  return asEnrolled(whole, { off, timings: (await findTimings(db, key))?.steps ?? {} })
}

/**
 * Stores today's sequences, and checks that every running enrollment can go on: its templates are still there, and
 * the clinic's holidays leave each of its windows open some day.
 * Throws Problem `config` naming the template that an active enrollment needs and the code no longer has, or the step
 * whose window would never open.
 */
export async function registerSequences(
  ctx: Pick<Context, 'db' | 'sequences' | 'templates' | 'clock' | 'config'>,
): Promise<void> {
  const today = Object.values(ctx.sequences)
  const running = await definitionsInUse(ctx.db)
  const current: Sequence[] = []
  for (const { key } of today) current.push((await currentSequence(ctx, ctx.db, key))!)
  requireOpenWindows(ctx, [...today, ...current, ...running])
  for (const sequence of [...today, ...current])
    await ensureDefinition(ctx.db, hashSequence(sequence), definitionOfSequence(sequence), ctx.clock.now())
  for (const definition of running)
    for (const step of definition.steps)
      if (!ctx.templates.has(step.template))
        throw new Problem(
          'config',
          `The template ${step.template} is missing, but enrollments that run need it for ${step.key}. ` +
            'Bring it back, or stop those enrollments first.',
        )
}

/** Looking through a calendar is dear, and most steps share one window. */
function requireOpenWindows(ctx: Pick<Context, 'config'>, definitions: readonly Sequence[]): void {
  const steps = definitions.flatMap((definition) => definition.steps)
  const byWindow = new Map(steps.map((step) => [JSON.stringify(step.window), step]))
  for (const { key, window } of byWindow.values())
    if (window && !opensEveryYear(window, ctx.config.brand.holidays))
      throw new Problem(
        'config',
        `CLINIC_HOLIDAYS or the sequence is wrong: the window of ${key} stays shut for a year or more.`,
      )
}
