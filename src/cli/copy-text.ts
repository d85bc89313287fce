import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readDraft, type ReadDraft } from '../../emails/_text/read-draft.ts'
import type { CopyFinding } from '../core/copy.ts'
import { Problem } from '../core/problem.ts'
import { dataDir } from './data-dir.ts'

/** "lesson.2.items.0" as people count: "lesson, block 3, item 1". */
function placeOf(field: string): string {
  const [part = '', block, ...rest] = field.split('.')
  if (block === undefined || !/^\d+$/.test(block)) return field
  const inner = rest.join('.').replace(/^items\.(\d+)$/, (_, item: string) => `item ${Number(item) + 1}`)
  return [part, `block ${Number(block) + 1}`, inner].filter(Boolean).join(', ')
}

/** Prints what the checks found, with the line of the text where there is one. */
export function printFindings(findings: readonly CopyFinding[], read: ReadDraft | null): void {
  for (const { level, field, message } of findings) {
    const line = read && field !== 'mail' ? `line ${read.lineOf(field)}, ` : ''
    console.log(`${level === 'refuse' ? 'must mend' : 'warning  '}  ${line}${placeOf(field)}: ${message}`)
  }
}

/** Reads a text to save. Throws Problem `invalid` with each line that is wrong. */
export function parseText(source: string, template: string): ReadDraft {
  const read = readDraft(source)
  const problems = [...read.problems]
  if (read.template !== null && read.template !== template)
    problems.push({
      line: read.lineOf('template'),
      message: `this text is for ${read.template}, not ${template}`,
    })
  if (problems.length > 0)
    throw new Problem(
      'invalid',
      'The text could not be read; nothing was saved.',
      problems.map(({ line, message }) => ({ field: `line ${line}`, message })),
    )
  return read
}

/** Rewrites the fields of a refusal as people count them, with the lines of the text it came from. */
export function withPlaces(error: unknown, read: ReadDraft | null): unknown {
  if (!(error instanceof Problem)) return error
  const fields = error.fields.map(({ field, message }) => ({
    field: `${read ? `line ${read.lineOf(field)}, ` : ''}${placeOf(field)}`,
    message,
  }))
  return new Problem(error.code, error.message, fields)
}

/** Opens the person's editor on a text and returns what they saved, and where it is kept. */
export function editText(template: string, text: string): { text: string; file: string } {
  const folder = join(dataDir, 'copy')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${template}-${process.pid}.txt`)
  writeFileSync(file, text)
  // The shell reads VISUAL and EDITOR, which may hold arguments of their own, quoted even.
  const { status } = spawnSync('sh', ['-c', 'eval "${VISUAL:-${EDITOR:-vi}} \\"\\$1\\""', 'sh', file], {
    stdio: 'inherit',
  })
  if (status !== 0)
    throw new Problem('config', `The editor did not end well. Set EDITOR, or use --file. Your text: ${file}`)
  return { text: readFileSync(file, 'utf8'), file }
}
