import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawingNames } from '../../emails/_components/drawings.ts'
import { copySchema, type Copy } from '../../emails/_components/copy.ts'
import { printDraft } from '../../emails/_text/print-copy.ts'
import { readDraft } from '../../emails/_text/read-draft.ts'
import { templates } from '../../emails/index.ts'
import { names } from './support.ts'

/** Starts that the format itself uses, so that words which look like it are tried often. */
const odd = fc.constantFrom(
  '# ',
  '== lesson',
  '- ',
  '1. ',
  '12. ',
  '> ',
  '\\',
  '\\\\ ',
  '[button booking] ',
  'title: ',
  '| ',
  '',
)
const words = (max: number) =>
  fc
    .tuple(odd, fc.string({ unit: 'grapheme', maxLength: max - 20 }))
    .map(([start, rest]) =>
      `${start}${rest}`
        .replace(/[{}]|[\p{C}]/gu, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((text) => text.length > 0 && text.length <= max)
const drawn = { drawing: fc.constantFrom(...drawingNames), alt: words(160) }
const button = fc.record({
  type: fc.constant('button' as const),
  label: words(36),
  to: fc.constantFrom('booking' as const, 'call-me' as const),
})
const block = fc.oneof(
  fc.record({ type: fc.constant('paragraph' as const), text: words(300) }),
  fc.record({
    type: fc.constant('list' as const),
    marks: fc.constantFrom('dots' as const, 'numbers' as const),
    items: fc.array(words(200), { minLength: 1, maxLength: 8 }),
  }),
  fc.record({ type: fc.constant('callout' as const), title: words(60), text: words(200) }),
  fc.record({ type: fc.constant('image' as const), ...drawn }),
  button,
)
const slot = fc.array(block, { maxLength: 6 })
const copies: fc.Arbitrary<Copy> = fc.record({
  subject: words(90),
  topicalSubject: words(90),
  preheader: words(110),
  eyebrow: words(40),
  title: words(70),
  art: fc.record(drawn),
  opening: slot,
  lesson: slot,
  stepTitle: words(60),
  step: slot.map((blocks) => [...blocks, { type: 'button' as const, label: 'Go', to: 'booking' as const }]),
})

test('what is printed is read back the same, whatever the words look like', () => {
  fc.assert(
    fc.property(copies, (copy) => {
      const read = readDraft(printDraft({ template: 'lock-up', basedOn: 3, copy }))
      expect(read.problems).toEqual([])
      expect(read).toMatchObject({ template: 'lock-up', basedOn: 3 })
      expect(read.copy).toEqual(copy)
      expect(copySchema.safeParse(read.copy).error).toBeUndefined()
    }),
    { numRuns: 300 },
  )
})

describe.each(names)('%s as a text', (name) => {
  const copy = templates[name].defaults
  test('has one line for each piece of words, so that a mistake can be found', () => {
    const text = printDraft({ template: name, basedOn: 0, copy })
    const { lineOf } = readDraft(text)
    const lines = text.split('\n')
    expect(lines[lineOf('title') - 1]).toBe(`title: ${copy.title}`)
    for (const [at, each] of copy.lesson.entries()) {
      if (each.type === 'paragraph') expect(lines[lineOf(`lesson.${at}.text`) - 1]).toBe(each.text)
      if (each.type === 'list')
        for (const [item, text_] of each.items.entries())
          expect(lines[lineOf(`lesson.${at}.items.${item}`) - 1]).toContain(text_)
      if (each.type === 'callout') expect(lines[lineOf(`lesson.${at}.text`) - 1]).toBe(`> ${each.text}`)
    }
  })
})

test('a person may wrap lines, leave notes, and use Windows line ends', () => {
  const text = printDraft({ template: 'lock-up', basedOn: 0, copy: templates['lock-up'].defaults })
  const typed = text
    .replace('It can start with next to nothing. ', 'It can start\nwith next to nothing.\n# a note\n')
    .replaceAll('\n', '\r\n')
  expect(readDraft(typed).copy).toEqual(templates['lock-up'].defaults)
})

test('every mistake is told at once, with its line', () => {
  const text = printDraft({ template: 'lock-up', basedOn: 0, copy: templates['lock-up'].defaults })
  const broken = text
    .replace('based-on: 0', 'based-on: none')
    .replace(/^subject: .*\n/m, '')
    .replace('eyebrow:', 'eye brow:')
    .replace('== lesson', '== lessen')
  const lines = broken.split('\n')
  const { problems } = readDraft(broken)
  const at = (start: string) => lines.findIndex((line) => line.startsWith(start)) + 1
  expect(problems.map(({ line }) => line)).toEqual(
    expect.arrayContaining([at('eye brow'), at('== lessen'), at('based-on')]),
  )
  expect(problems.map(({ message }) => message).join('\n')).toMatch(
    /subject: is missing[^]*eyebrow: is missing/,
  )
  expect(problems.map(({ message }) => message)).toContain('the part == lesson is missing')
})
