import { z } from 'zod'
import { drawingNames } from './drawings.ts'
import { mergeProblem } from './merge.ts'

/** One piece of text that people may edit: bold, italic, links and merge fields only, and never empty. */
function words(max: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(max)
    .superRefine((text, check) => {
      const problem = mergeProblem(text)
      if (problem) check.addIssue({ code: 'custom', message: problem })
    })
}

const drawn = { drawing: z.enum(drawingNames), alt: words(160) }

/** The blocks that may stand in a slot, in any order. */
const blockSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('paragraph'), text: words(900) }),
  z.object({
    type: z.literal('list'),
    marks: z.enum(['dots', 'numbers']),
    items: z.array(words(300)).min(1).max(8),
  }),
  z.object({ type: z.literal('callout'), title: words(60), text: words(400) }),
  z.object({ type: z.literal('image'), ...drawn }),
  z.object({ type: z.literal('button'), label: words(36), to: z.enum(['booking', 'call-me']) }),
])

const slot = z.array(blockSchema).max(12)

/** All the words of one lesson. Look and structure are not in here: they stay in code. */
export const copySchema = z.object({
  subject: words(49),
  topicalSubject: words(49),
  preheader: words(110),
  eyebrow: words(40),
  title: words(70),
  art: z.object(drawn),
  opening: slot,
  lesson: slot,
  stepTitle: words(60),
  // Each mail ends in one clear step, so the way to it cannot be edited away.
  step: slot.refine((blocks) => blocks.some((block) => block.type === 'button' && block.to === 'booking'), {
    message: 'the last slot needs a button to the booking page',
  }),
})

export type Block = z.infer<typeof blockSchema>
export type Copy = z.infer<typeof copySchema>
export type SlotName = 'opening' | 'lesson' | 'step'
