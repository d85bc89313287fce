import type { Sequence } from '../core/sequence.ts'
import { officeHours } from './office-hours.ts'

/**
 * The sequence as those get it who have not just sent a form: its first mail keeps to a window as all others do.
 * That makes another definition, which such an enrollment keeps.
 */
export function withoutHurry(sequence: Sequence): Sequence {
  const [first, ...rest] = sequence.steps
  if (first.window) return sequence
  const window = rest.find((step) => step.window)?.window ?? officeHours
  return { ...sequence, steps: [{ ...first, window }, ...rest] }
}
