import type { Sequence } from '../core/sequence.ts'

/**
 * The sequence without the steps that are switched off. The first one stays whatever is asked: it answers the form,
 * at once, and the others count from it. A shorter sequence is another definition; enrollments that run keep theirs.
 */
export function withoutSteps(sequence: Sequence, off: readonly string[]): Sequence {
  if (off.length === 0) return sequence
  const [first, ...rest] = sequence.steps
  return { ...sequence, steps: [first, ...rest.filter(({ key }) => !off.includes(key))] }
}
