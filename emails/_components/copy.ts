import { z } from 'zod'
import { drawingNames } from './drawings.ts'
import { mergeProblem } from './merge.ts'

/** Control characters, lone surrogates, and marks that hide or turn text; the joiners that emoji need are fine. */
const INVISIBLE = /[\p{Cc}\p{Cs}\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u

/** One piece of text that people may edit: bold, italic, links and merge fields only, and never empty. */
function words(max: number) {
  return z
    .string('expected a text')
    .transform((text) => text.replace(/\s+/g, ' ').trim())
    .superRefine((text, check) => {
      if (text === '') check.addIssue({ code: 'custom', message: 'is empty: write it, or take it out' })
      if (text.length > max)
        check.addIssue({
          code: 'custom',
          message: `has ${text.length} characters: at most ${max} fit, so shorten it`,
        })
      if (INVISIBLE.test(text))
        check.addIssue({ code: 'custom', message: 'holds an invisible character: type it anew' })
      const problem = mergeProblem(text)
      if (problem) check.addIssue({ code: 'custom', message: problem })
    })
}

/** Most characters of a text, and most blocks and items, by the place where they stand. */
export const limits = {
  subject: 90,
  topicalSubject: 90,
  preheader: 110,
  eyebrow: 40,
  title: 70,
  stepTitle: 60,
  'art.alt': 160,
  'paragraph.text': 900,
  'list.items': 300,
  'callout.title': 60,
  'callout.text': 400,
  'image.alt': 160,
  'button.label': 36,
  items: 8,
  blocks: 12,
} as const

const drawn = {
  drawing: z.enum(drawingNames, `is no drawing we have: choose one of ${drawingNames.join(', ')}`),
  alt: words(limits['image.alt']),
}

/** The blocks that may stand in a slot, in any order. */
const blockSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('paragraph'), text: words(limits['paragraph.text']) }),
  z.strictObject({
    type: z.literal('list'),
    marks: z.enum(['dots', 'numbers']),
    items: z
      .array(words(limits['list.items']))
      .min(1, 'needs an item')
      .max(limits.items, `holds at most ${limits.items} items: split it`),
  }),
  z.strictObject({
    type: z.literal('callout'),
    title: words(limits['callout.title']),
    text: words(limits['callout.text']),
  }),
  z.strictObject({ type: z.literal('image'), ...drawn }),
  z.strictObject({
    type: z.literal('button'),
    label: words(limits['button.label']),
    to: z.enum(['booking', 'call-me']),
  }),
])

const slot = z.array(blockSchema).max(limits.blocks, `holds at most ${limits.blocks} blocks: take some out`)

/** All the words of one lesson. Look and structure are not in here: they stay in code. */
// Strict, so that a misspelt name is an error and not a text that nobody sees.
export const copySchema = z.strictObject({
  // What an inbox shows of it is checked with the values filled in: under 50 characters.
  subject: words(limits.subject),
  topicalSubject: words(limits.topicalSubject),
  preheader: words(limits.preheader),
  eyebrow: words(limits.eyebrow),
  title: words(limits.title),
  art: z.strictObject(drawn),
  opening: slot,
  lesson: slot,
  stepTitle: words(limits.stepTitle),
  // Each mail ends in one clear step, so the way to it cannot be edited away.
  step: slot.refine((blocks) => blocks.some((block) => block.type === 'button' && block.to === 'booking'), {
    message:
      'has no button to the booking page, and each mail ends in one: add [button booking] and its label',
  }),
})

export type Block = z.infer<typeof blockSchema>
export type Copy = z.infer<typeof copySchema>
export type SlotName = 'opening' | 'lesson' | 'step'
