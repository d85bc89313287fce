import { Text } from '@mantine/core'
import { diffLines } from '../../core/diff-lines.ts'
import classes from './diff-lines.module.css'

/** What changed from one text to another, line by line; what stayed is left out. `same` is said when nothing did. */
export function DiffLines({
  from,
  to,
  label,
  same,
}: {
  from: string
  to: string
  label: string
  same: string
}) {
  const lines = diffLines(from, to).filter(({ sign }) => sign !== ' ')
  if (lines.length === 0) return <Text size="sm">{same}</Text>
  return (
    <div className={classes.diff} role="group" aria-label={label}>
      {lines.map(({ sign, text }, at) =>
        sign === '-' ? <del key={at}>− {text}</del> : <ins key={at}>+ {text}</ins>,
      )}
    </div>
  )
}
