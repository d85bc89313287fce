import type { Context } from '../context.ts'
import type { Sequence } from '../core/sequence.ts'
import { asEnrolled, type SequenceChanges } from '../sequences/as-enrolled.ts'
import { hashSequence } from '../sequences/index.ts'
import { withoutHurry } from '../sequences/without-hurry.ts'
import type { CurrentSequence } from './decide-capture.ts'

/**
 * Sequences as people changed them, and for those who are imported without hurry; what differs from the code's is put
 * into `changed` by hash.
 */
export function currentSequences(
  ctx: Pick<Context, 'sequences'>,
  changesOf: (key: string) => SequenceChanges,
  changed: Map<string, Sequence>,
): CurrentSequence {
  const known = new Map<string, ReturnType<CurrentSequence>>()
  return (key, isImported) => {
    const kind = `${key} ${isImported}`
    const seen = known.get(kind)
    if (seen !== undefined) return seen
    const whole = ctx.sequences[key]
    if (!whole) return null
    const left = asEnrolled(whole, changesOf(key))
    const sequence = isImported ? withoutHurry(left) : left
    const found = { sequence, hash: hashSequence(sequence) }
    if (sequence !== whole) changed.set(found.hash, sequence)
    known.set(kind, found)
    return found
  }
}
