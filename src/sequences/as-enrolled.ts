import type { Sequence, Step, Timings } from '../core/sequence.ts'
import { withoutSteps } from './without-steps.ts'

/** What people changed of a sequence, for enrollments that begin from now on. */
export type SequenceChanges = { off: readonly string[]; timings: Timings }

/** The sequence with other delays and windows; one that goes at any hour, as what answers a form, keeps its own. */
export function withTimings(sequence: Sequence, timings: Timings): Sequence {
  const change = (step: Step): Step => {
    const timing = step.window && Object.hasOwn(timings, step.key) ? timings[step.key] : undefined
    if (!timing) return step
    // In one order, whatever a database made of it: the same times are the same definition.
    const { days, from, to } = timing.window
    return { ...step, delayDays: timing.delayDays, window: { days, from, to } }
  }
  const [first, ...rest] = sequence.steps
  return { ...sequence, steps: [change(first), ...rest.map(change)] }
}

/**
 * The sequence as a new enrollment gets it; the very same object where nothing is changed. Any change makes another
 * definition; enrollments that run keep theirs.
 */
export function asEnrolled(sequence: Sequence, { off, timings }: SequenceChanges): Sequence {
  const changed = Object.keys(timings).length === 0 ? sequence : withTimings(sequence, timings)
  return withoutSteps(changed, off)
}
