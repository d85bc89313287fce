import type { Words } from '../../../core/copy.ts'
import { DiffLines } from '../../ui/diff-lines.tsx'
import { plainWords } from './words.ts'

/** What changed from some words to others. */
export function Diff({ from, to, label }: { from: Words; to: Words; label: string }) {
  return (
    <DiffLines from={plainWords(from)} to={plainWords(to)} label={label} same="The words are the same." />
  )
}
