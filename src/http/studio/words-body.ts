import { z } from 'zod'
import type { Block, Words } from '../../core/copy.ts'

/** Far above every limit of the templates: what is too long is kept as typed, and the checks say so. */
const text = z.string().max(5_000, 'is longer than any mail')
const drawing = z.string().regex(/^[a-z-]{1,40}$/, 'is no name of a drawing')

const block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('paragraph'), text }),
  z.strictObject({
    type: z.literal('list'),
    marks: z.enum(['dots', 'numbers']),
    items: z.array(text).max(40),
  }),
  z.strictObject({ type: z.literal('callout'), title: text, text }),
  z.strictObject({ type: z.literal('image'), drawing, alt: text }),
  z.strictObject({ type: z.literal('button'), label: text, to: z.enum(['booking', 'call-me']) }),
]) satisfies z.ZodType<Block>
const slot = z.array(block).max(40, 'holds more blocks than any mail')

/** Words that a person is at work on: of the right shape, and as unfinished as they like. */
export const wordsBody = z.strictObject({
  subject: text,
  topicalSubject: text,
  preheader: text,
  eyebrow: text,
  title: text,
  art: z.strictObject({ drawing, alt: text }),
  opening: slot,
  lesson: slot,
  stepTitle: text,
  step: slot,
}) satisfies z.ZodType<Words>
