import { Text } from '@mantine/core'
import { diffLines } from '../../../core/diff-lines.ts'
import type { Words } from '../../../core/copy.ts'
import classes from './mails.module.css'
import { plainWords } from './words.ts'

/** What changed from some words to others; what stayed is left out. */
export function Diff({ from, to, label }: { from: Words; to: Words; label: string }) {
  const lines = diffLines(plainWords(from), plainWords(to)).filter(({ sign }) => sign !== ' ')
  if (lines.length === 0) return <Text size="sm">The words are the same.</Text>
  return (
    <div className={classes.diff} role="group" aria-label={label}>
      {lines.map(({ sign, text }, at) =>
        sign === '-' ? <del key={at}>− {text}</del> : <ins key={at}>+ {text}</ins>,
      )}
    </div>
  )
}
