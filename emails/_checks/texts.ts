import type { Block, Copy, SlotName } from '../_components/copy.ts'

/** One editable text and where it stands: `subject`, `lesson.2.items.0`. */
export type CopyText = { field: string; text: string }

const slots: readonly SlotName[] = ['opening', 'lesson', 'step']

function ofBlock(block: Block, at: string): CopyText[] {
  switch (block.type) {
    case 'list':
      return block.items.map((text, item) => ({ field: `${at}.items.${item}`, text }))
    case 'callout':
      return [
        { field: `${at}.title`, text: block.title },
        { field: `${at}.text`, text: block.text },
      ]
    case 'paragraph':
      return [{ field: `${at}.text`, text: block.text }]
    case 'image':
      return [{ field: `${at}.alt`, text: block.alt }]
    case 'button':
      return [{ field: `${at}.label`, text: block.label }]
  }
}

/** The texts of the inbox line: no markup is drawn there. */
export function headTexts({ subject, topicalSubject, preheader }: Copy): CopyText[] {
  return Object.entries({ subject, topicalSubject, preheader }).map(([field, text]) => ({ field, text }))
}

/** The texts of the mail itself, in reading order. */
export function bodyTexts(copy: Copy): CopyText[] {
  const inSlot = (slot: SlotName) => copy[slot].flatMap((block, at) => ofBlock(block, `${slot}.${at}`))
  return [
    { field: 'eyebrow', text: copy.eyebrow },
    { field: 'title', text: copy.title },
    { field: 'art.alt', text: copy.art.alt },
    ...slots.slice(0, 2).flatMap(inSlot),
    { field: 'stepTitle', text: copy.stepTitle },
    ...inSlot('step'),
  ]
}
