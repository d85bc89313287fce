import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { templates } from '../../emails/index.ts'
import type { MailProps } from '../../src/core/mail.ts'
import { decodeMail } from '../../src/mail/encode-mail.ts'
import { createRenderer } from '../../src/mail/renderer.ts'
import { renderDirect } from '../../src/mail/render-direct.ts'
import { cleanProps } from '../../src/mail/render-values.ts'
import { brands, hostileNames, names, propsFor } from './support.ts'

const nasty = fc.constantFrom(
  ...Object.values(hostileNames),
  '',
  '   ',
  '\ud800',
  'a\udfffb',
  '\u200b\u200d\ufeff',
  ' Pat \n\t Lee ',
  '<!-- --><!--$-->',
  '&amp;&#x27;',
  'Q00000000000000000000000000000000n',
  'https://b.invalid/b',
  'e\u0301\u0301\u0301',
  '\u202egnp.exe',
  '\u00a0\u2003Pat\u3000',
  '\0Pat\u0007',
)
const name = fc.oneof(
  nasty,
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 120 }),
)
const query = fc
  .string({ unit: 'grapheme-composite', maxLength: 40 })
  .map((text) => text.replace(/[\s\p{C}]/gu, ''))
const url = fc
  .tuple(fc.constantFrom('https://a.test/', 'http://a.test/x', 'https://a.test/?q='), query)
  .map(([base, rest]) => `${base}${rest}`)
  .filter((value) => URL.canParse(value))

const arbitrary = fc.record({
  firstName: name,
  bookingUrl: url,
  unsubscribeUrl: url,
  callMeUrl: url,
  confirmUrl: url,
  topical: fc.boolean(),
  part: fc.integer({ min: 1, max: 7 }),
  parts: fc.integer({ min: 7, max: 8 }),
})

describe.each(names)('%s compiled', (template) => {
  const { defaults } = templates[template]
  const renderer = createRenderer(templates, { checkEvery: Infinity })

  test('equals direct rendering byte for byte', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary, fc.constantFrom(...Object.values(brands)), async (values, brand) => {
        const props: MailProps = propsFor(brand, null, values)
        const encoded = await renderer.encoded(template, props)
        expect(Object.values(encoded).flat().join('')).toMatch(/^[\x20-\x7e]*$/)
        const compiled = decodeMail(encoded)
        const direct = await renderDirect(templates[template], defaults, cleanProps(props))
        expect(compiled.subject === direct.subject).toBe(true)
        expect(compiled.html === direct.html).toBe(true)
        expect(compiled.text === direct.text).toBe(true)
      }),
      {
        numRuns: 60,
        examples: Object.values(hostileNames).map(
          (firstName) => [{ ...propsFor(brands.sample, firstName) }, brands.second] as never,
        ),
      },
    )
    expect(renderer.takeCounts()).toMatchObject({ direct: 0, differed: 0 })
  })
})

test('copy with merge fields in every place compiles too', async () => {
  const { defaults } = templates['lock-up']
  const copy = {
    ...defaults,
    subject: 'For {{firstName|you}} from {{clinicName}}',
    preheader: '{{firstName|you}}: a first note and an easy way to talk',
    title: 'Hello {{firstName|you}}',
    lesson: [
      {
        type: 'list' as const,
        marks: 'dots' as const,
        items: ['**{{firstName|you}}**', '*{{firstName|you}}*'],
      },
    ],
  }
  const renderer = createRenderer(templates, { copyOf: () => copy, checkEvery: 1 })
  for (const firstName of Object.values(hostileNames))
    await renderer.mail('lock-up', propsFor(brands.sample, firstName))
  const { subject, text } = await renderer.mail('lock-up', propsFor(brands.sample, '<i>&$& **x**'))
  expect(subject).toBe('For <i>&$& **x** from Sample Clinic')
  expect(text).toContain('Hello <i>&$& **x**\n')
  expect(renderer.takeCounts()).toMatchObject({ direct: 0, differed: 0 })
})

test('each part of each whole is compiled apart, and drawn as it is named', async () => {
  const renderer = createRenderer(templates, { checkEvery: 1 })
  const bars = (html: string) => (html.match(/width="6" height="22"/g) ?? []).length
  for (const [part, parts] of [
    [3, 7],
    [2, 6],
    [2, 2],
    [3, 7],
  ] as const) {
    const props = propsFor(brands.sample, 'Pat', { part, parts })
    const { html, text } = await renderer.mail('four-patterns', props)
    expect(text).toContain(`Part ${part} of ${parts}`)
    expect(bars(html)).toBe(parts)
  }
  expect(renderer.takeCounts()).toMatchObject({ direct: 0, differed: 0 })
})
