import type { Block, Words } from '../../../core/copy.ts'

const slots = ['opening', 'lesson', 'step'] as const
export type SlotName = (typeof slots)[number]

export const slotTitles: Readonly<Record<SlotName, string>> = {
  opening: 'Opening',
  lesson: 'Lesson',
  step: 'The one clear step',
}

export const blockTitles: Readonly<Record<Block['type'], string>> = {
  paragraph: 'Paragraph',
  list: 'List',
  callout: 'Idea to take away',
  image: 'Drawing',
  button: 'Button',
}

/** A block while it is edited: the key stays with it wherever it moves. */
export type KeyedBlock = { key: number; block: Block }
export type KeyedWords = Omit<Words, SlotName> & Record<SlotName, KeyedBlock[]>

let lastKey = 0
export const keyed = (block: Block): KeyedBlock => ({ key: ++lastKey, block })

export const withKeys = (words: Words): KeyedWords => ({
  ...words,
  opening: words.opening.map(keyed),
  lesson: words.lesson.map(keyed),
  step: words.step.map(keyed),
})

const bare = (blocks: readonly KeyedBlock[]) => blocks.map(({ block }) => block)
export const withoutKeys = (words: KeyedWords): Words => ({
  ...words,
  opening: bare(words.opening),
  lesson: bare(words.lesson),
  step: bare(words.step),
})

/** A new block of a kind, to be filled in. */
export function emptyBlock(type: Block['type'], drawing: string): Block {
  switch (type) {
    case 'paragraph':
      return { type, text: '' }
    case 'list':
      return { type, marks: 'dots', items: [''] }
    case 'callout':
      return { type, title: '', text: '' }
    case 'image':
      return { type, drawing, alt: '' }
    case 'button':
      return { type, label: '', to: 'booking' }
  }
}

/** Where a block stands. */
export type Place = { slot: SlotName; at: number }

/** The words with one block moved from a place to another, in its own part or in another one. */
export function moved(words: KeyedWords, from: Place, to: Place): KeyedWords {
  const block = words[from.slot][from.at]!
  const without = { ...words, [from.slot]: words[from.slot].filter((_, at) => at !== from.at) }
  return { ...without, [to.slot]: without[to.slot].toSpliced(to.at, 0, block) }
}

/** The place a step further up or down: past the end of a part it is in the next one. Null at either end of the mail. */
export function placeBeside(words: KeyedWords, { slot, at }: Place, way: 'up' | 'down'): Place | null {
  const next = way === 'up' ? at - 1 : at + 1
  if (next >= 0 && next < words[slot].length) return { slot, at: next }
  const other = slots[slots.indexOf(slot) + (way === 'up' ? -1 : 1)]
  return other ? { slot: other, at: way === 'up' ? words[other].length : 0 } : null
}

function linesOf(block: Block): string[] {
  switch (block.type) {
    case 'paragraph':
      return [block.text]
    case 'list':
      return block.items.map((item, at) => `${block.marks === 'numbers' ? `${at + 1}.` : '•'} ${item}`)
    case 'callout':
      return [`${block.title}: ${block.text}`]
    case 'image':
      return [`(Drawing ${block.drawing}: ${block.alt})`]
    case 'button':
      return [`[${block.label}]`]
  }
}

/** All words, line by line: for two people's to be compared. */
export function plainWords(words: Words): string {
  const slotLines = (slot: SlotName) => words[slot].flatMap(linesOf)
  return [
    `Subject: ${words.subject}`,
    `Subject on the topic: ${words.topicalSubject}`,
    `Preheader: ${words.preheader}`,
    words.eyebrow,
    words.title,
    `(Drawing ${words.art.drawing}: ${words.art.alt})`,
    ...slotLines('opening'),
    ...slotLines('lesson'),
    words.stepTitle,
    ...slotLines('step'),
  ].join('\n')
}
