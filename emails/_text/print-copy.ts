import type { Block, Copy } from '../_components/copy.ts'
import { headLines, manual, opensBlock, slotNames } from './format.ts'

function printBlock(block: Block): string {
  switch (block.type) {
    case 'paragraph':
      return opensBlock.test(block.text) ? `\\${block.text}` : block.text
    case 'list':
      return block.items
        .map((item, at) => `${block.marks === 'numbers' ? `${at + 1}.` : '-'} ${item}`)
        .join('\n')
    case 'callout':
      return `> ${block.title}\n> ${block.text}`
    case 'image':
      return `[image ${block.drawing}] ${block.alt}`
    case 'button':
      return `[button ${block.to}] ${block.label}`
  }
}

/** A copy's words alone, one block after the other: what people read, and what a diff compares. */
export function printCopy(copy: Copy): string {
  const head = headLines.map(([name, key]) =>
    key === 'art' ? `${name}: ${copy.art.drawing} | ${copy.art.alt}` : `${name}: ${copy[key]}`,
  )
  const slots = slotNames.map((slot) => [`== ${slot}`, ...copy[slot].map(printBlock)].join('\n\n'))
  return `${head.join('\n')}\n\n${slots.join('\n\n')}\n`
}

/** The whole text to edit: which template, what it replaces, how to write, and the words. */
export function printDraft(
  draft: { template: string; basedOn: number; copy: Copy },
  notes: readonly string[] = [],
): string {
  const comments = notes.map((note) => `# ${note}\n`).join('')
  return `${manual}${comments}
template: ${draft.template}
based-on: ${draft.basedOn}
${printCopy(draft.copy)}`
}
