import type { CopyFinding } from '../../src/core/copy.ts'
import type { Copy } from '../_components/copy.ts'
import { fill, type MergeValues } from '../_components/merge.ts'
import { grade, lessonText, runningText, words } from './measure.ts'
import { attribution, counted, forbidden, healthWords } from './phrases.ts'
import { bodyTexts, headTexts } from './texts.ts'

const SUBJECT_BELOW = 50
const GRADE_AT_MOST = 8
const WORDS = { least: 150, most: 300 }

/** What would make a mail worse without making it wrong; and, refused, a subject that pins a condition on the reader. */
export function checkStyle(copy: Copy, values: MergeValues): CopyFinding[] {
  const findings: CopyFinding[] = []
  const add = (level: CopyFinding['level'], field: string, message: string) =>
    findings.push({ level, field, message })

  for (const { field, text } of headTexts(copy)) {
    const shown = fill(text, values)
    if (attribution.test(shown))
      add(
        'refuse',
        field,
        'ties a condition to the reader, on a screen that others may see: speak in general',
      )
    else if (field !== 'topicalSubject' && healthWords.test(shown))
      add('warn', field, `says “${healthWords.exec(shown)?.[0]}”, which others may read on a locked screen`)
    if (field !== 'preheader' && shown.length >= SUBJECT_BELOW)
      add('warn', field, `has ${shown.length} characters: an inbox shows about ${SUBJECT_BELOW}`)
  }
  for (const { field, text } of [...headTexts(copy), ...bodyTexts(copy)]) {
    const claim = forbidden.exec(text)?.[0]
    if (claim)
      add('warn', field, `says “${claim}”: promise, prove, praise or press nothing that the article does not`)
  }
  findings.push(...checkCounts(copy))
  const count = words(fill(lessonText(copy), values)).length
  if (count < WORDS.least || count > WORDS.most)
    add('warn', 'mail', `has ${count} words: ${WORDS.least} to ${WORDS.most} are read to the end`)
  const level = grade(fill(runningText(copy), values))
  if (level > GRADE_AT_MOST)
    add(
      'warn',
      'mail',
      `reads at grade ${level.toFixed(1)}: aim for ${GRADE_AT_MOST} or below with shorter sentences`,
    )
  return findings
}

/** Where words count the mails of their sequence by themselves. */
export function checkCounts(copy: Copy): CopyFinding[] {
  return [...headTexts(copy), ...bodyTexts(copy)].flatMap(({ field, text }) => {
    const count = counted.exec(text)?.[0]
    if (!count) return []
    const message = `says “${count}”, also when a step is switched off: write {{part}} and {{parts}}, or leave the number out`
    return [{ level: 'warn', field, message }]
  })
}
