import type { Sequence, Step, Weekday } from '../core/sequence.ts'

/**
 * The sequences as a clinic open on these days sends them: a mail that says "call us" comes when someone answers.
 * Other days make another definition; enrollments that run keep the one they began with.
 */
export function onOpeningDays(
  sequences: Readonly<Record<string, Sequence>>,
  days: readonly Weekday[],
): Record<string, Sequence> {
  const move = (step: Step): Step => (step.window ? { ...step, window: { ...step.window, days } } : step)
  const moved = Object.entries(sequences).map(([key, sequence]): [string, Sequence] => {
    const [first, ...rest] = sequence.steps
    return [key, { ...sequence, steps: [move(first), ...rest.map(move)] }]
  })
  return Object.fromEntries(moved)
}
