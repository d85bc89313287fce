import { headLines, slotNames } from './format.ts'
import { readBlock, type Line } from './read-block.ts'

type TextProblem = { line: number; message: string }

/** A text as read. `copy` has the shape of copy but is not checked; `lineOf` finds the line of one of its fields. */
export type ReadDraft = {
  template: string | null
  basedOn: number | null
  copy: Record<string, unknown>
  lineOf(field: string): number
  problems: readonly TextProblem[]
}

/** Lines between blank ones belong together; notes are left out. */
function paragraphs(lines: readonly Line[]): Array<[Line, ...Line[]]> {
  const found: Array<[Line, ...Line[]]> = []
  let open = false
  for (const line of lines) {
    if (line.text.startsWith('#')) continue
    if (line.text.trim() === '') open = false
    else if (open) found.at(-1)?.push(line)
    else open = found.push([line]) > 0
  }
  return found
}

/** Reads what `printDraft` wrote, or a person typed: every problem at once, each with its line. */
export function readDraft(source: string): ReadDraft {
  const all = source.split(/\r?\n/).map((text, at): Line => ({ text, number: at + 1 }))
  const problems: TextProblem[] = []
  const lines = new Map<string, number>()
  const given = new Map<string, string>()
  const copy: Record<string, unknown> = {}

  const starts = all.filter(({ text }) => text.startsWith('=='))
  const head = all.slice(0, (starts[0]?.number ?? all.length + 1) - 1)
  const names = ['template', 'based-on', ...headLines.map(([name]) => name)]
  for (const { text, number } of head) {
    if (text.startsWith('#') || text.trim() === '') continue
    const [, name = '', value = ''] = /^([a-z-]+):(.*)$/.exec(text) ?? []
    if (!names.includes(name))
      problems.push({
        line: number,
        message: `expected one of ${names.join(', ')}, then a colon and the words`,
      })
    else if (given.has(name)) problems.push({ line: number, message: `${name} stands here a second time` })
    given.set(name, value.trim())
    lines.set(headLines.find(([line]) => line === name)?.[1] ?? name, number)
  }
  for (const [name, key] of headLines) {
    const value = given.get(name)
    if (value === undefined) problems.push({ line: 1, message: `${name}: is missing` })
    const [drawing = '', ...alt] = (value ?? '').split('|')
    copy[key] = key === 'art' ? { drawing: drawing.trim(), alt: alt.join('|').trim() } : (value ?? '')
  }

  for (const slot of slotNames) copy[slot] = []
  for (const [at, { text, number }] of starts.entries()) {
    const slot = slotNames.find((name) => name === text.slice(2).trim())
    if (!slot || lines.has(slot)) {
      problems.push({ line: number, message: `expected == ${slotNames.join(', == ')}, each once` })
      continue
    }
    lines.set(slot, number)
    const blocks = paragraphs(all.slice(number, (starts[at + 1]?.number ?? all.length + 1) - 1)).map(
      (block, place) => {
        const read = readBlock(block)
        lines.set(`${slot}.${place}`, block[0].number)
        for (const [field, line] of read.lines) lines.set(`${slot}.${place}.${field}`, line)
        return read.block
      },
    )
    copy[slot] = blocks
  }
  for (const slot of slotNames)
    if (!lines.has(slot)) problems.push({ line: all.length, message: `the part == ${slot} is missing` })

  const basedOn = given.get('based-on')
  if (basedOn !== undefined && !/^\d+$/.test(basedOn))
    problems.push({
      line: lines.get('based-on') ?? 1,
      message: 'based-on: expected the number of a revision',
    })
  const lineOf = (field: string): number => {
    const parent = field.slice(0, field.lastIndexOf('.'))
    return lines.get(field) ?? (field.includes('.') ? lineOf(parent) : 1)
  }
  return {
    template: given.get('template') || null,
    basedOn: basedOn !== undefined && /^\d+$/.test(basedOn) ? Number(basedOn) : null,
    copy,
    lineOf,
    problems,
  }
}
