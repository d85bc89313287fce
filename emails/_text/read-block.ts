/** One line of a text, with its number. */
export type Line = { text: string; number: number }

/** A block as read: shaped like copy, but not checked yet. `lines` says where each of its fields stands. */
export type ReadBlock = { block: unknown; lines: ReadonlyArray<readonly [field: string, line: number]> }

const joined = (lines: readonly Line[]) => lines.map(({ text }) => text.trim()).join(' ')

/** Items start with their mark; a line without one goes on with the item above. */
function readList(lines: readonly Line[], mark: RegExp, marks: 'dots' | 'numbers'): ReadBlock {
  const items: Line[][] = []
  for (const line of lines) {
    if (mark.test(line.text)) items.push([{ ...line, text: line.text.replace(mark, '') }])
    else items.at(-1)?.push(line)
  }
  return {
    block: { type: 'list', marks, items: items.map(joined) },
    lines: items.map(([first], at) => [`items.${at}`, first?.number ?? 0]),
  }
}

/** Reads the lines between two blank ones. */
export function readBlock(lines: readonly [Line, ...Line[]]): ReadBlock {
  const [first, ...rest] = lines
  if (first.text.startsWith('- ')) return readList(lines, /^- /, 'dots')
  if (/^\d+\. /.test(first.text)) return readList(lines, /^\d+\. /, 'numbers')
  if (first.text.startsWith('> ')) {
    const bare = (line: Line) => ({ ...line, text: line.text.replace(/^> ?/, '') })
    return {
      block: { type: 'callout', title: bare(first).text.trim(), text: joined(rest.map(bare)) },
      lines: [
        ['title', first.number],
        ['text', rest[0]?.number ?? first.number],
      ],
    }
  }
  const [, kind, name = '', start = ''] = /^\[(image|button) ([^\]]*)\] ?(.*)$/.exec(first.text) ?? []
  const words = joined([{ ...first, text: start }, ...rest])
  if (kind === 'image')
    return { block: { type: 'image', drawing: name.trim(), alt: words }, lines: [['alt', first.number]] }
  if (kind === 'button')
    return { block: { type: 'button', label: words, to: name.trim() }, lines: [['label', first.number]] }
  const text = joined([{ ...first, text: first.text.replace(/^\\/, '') }, ...rest])
  return { block: { type: 'paragraph', text }, lines: [['text', first.number]] }
}
