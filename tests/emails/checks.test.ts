import { describe, expect, test } from 'vitest'
import { createCopyDesk } from '../../emails/_checks/copy-desk.ts'
import { linkProblem } from '../../emails/_checks/links.ts'
import { checkMail } from '../../emails/_checks/mail-parts.ts'
import type { Block, Copy } from '../../emails/_components/copy.ts'
import { sampleBrand } from '../../emails/_components/preview-props.ts'
import { templates } from '../../emails/index.ts'
import { asciiHtml } from '../../src/mail/compile-parts.ts'
import { backSpasms } from '../../src/sequences/back-spasms.ts'
import { createRenderer } from '../../src/mail/renderer.ts'
import { renderDirect } from '../../src/mail/render-direct.ts'
import { brands, names, propsFor } from './support.ts'

const desk = createCopyDesk(templates, { brand: sampleBrand, render: renderDirect })
const base = templates['lock-up'].defaults
const check = async (change: Partial<Copy>) => desk.check('lock-up', { ...base, ...change })
const paragraph = (text: string): Block => ({ type: 'paragraph', text })
const told = (findings: Awaited<ReturnType<typeof check>>, level: string) =>
  findings.filter((finding) => finding.level === level).map(({ field, message }) => `${field}: ${message}`)

test.each(names)('the words in code of %s pass every check, for both clinics', async (name) => {
  for (const brand of Object.values(brands)) {
    const own = createCopyDesk(templates, { brand, render: renderDirect })
    expect(await own.check(name, templates[name].defaults)).toEqual([])
  }
})

describe('publishing is refused for', () => {
  test.each([
    ['a link without https', 'See [this](http://site.org) page', 'a link is broken'],
    ['a link with a space', 'See [this] (https://site.org) page', 'a link is broken'],
    ['an address in the open', 'See https://site.org/page', 'an address stands in the open'],
    ['a shortened link', 'See [this](https://bit.ly/abc) page', 'is shortened'],
    ['a link that speaks of health', 'See [this](https://site.org/back-pain) page', 'speaks of health'],
    ['a merge field in a link', 'See [this](https://site.org/{{clinicName}}) page', 'holds a merge field'],
    ['a link inside bold', 'See **[this](https://site.org)** page', 'inside bold'],
    ['a link to an example', 'See [this](https://example.com) page', 'leads to no public site'],
  ])('%s', async (_, text, reason) => {
    const refused = told(await check({ lesson: [...base.lesson, paragraph(text)] }), 'refuse')
    expect(refused[0]).toContain(`lesson.${base.lesson.length}.text`)
    expect(refused[0]).toContain(reason)
  })

  test('an unknown merge field, and one without a fallback', async () => {
    expect(told(await check({ title: 'Hi {{nickname|you}}' }), 'refuse').join()).toContain(
      'title: {{nickname|you}} is not',
    )
    expect(told(await check({ title: 'Hi {{firstName}}' }), 'refuse').join()).toContain('needs a fallback')
  })

  test('a missing booking button', async () => {
    const step = base.step.filter(({ type }) => type !== 'button')
    expect(told(await check({ step }), 'refuse').join()).toContain('step: has no button to the booking page')
  })

  test('a mail that Gmail would cut', async () => {
    const items = Array.from({ length: 8 }, () => 'It goes on and on. '.repeat(15).trim())
    const list: Block = { type: 'list', marks: 'dots', items }
    const full = Array.from({ length: 12 }, () => list)
    const refused = told(
      await check({ opening: full, lesson: full, step: [...full.slice(1), ...base.step.slice(-1)] }),
      'refuse',
    )
    expect(refused).toHaveLength(1)
    expect(refused[0]).toMatch(/^mail: weighs 1\d\d kB/)
  })

  test('a subject that ties a condition to the reader, or holds markup', async () => {
    expect(told(await check({ subject: 'About your back' }), 'refuse').join()).toContain(
      'subject: ties a condition',
    )
    expect(told(await check({ topicalSubject: 'Why **backs** lock' }), 'refuse').join()).toContain('markup')
  })

  test.each([
    [
      'the unsubscribe link',
      (html: string) => html.replaceAll('/u/AbC-_123', '/u/other'),
      'unsubscribe link',
    ],
    [
      'the postal address',
      (html: string) => html.replaceAll(sampleBrand.postalAddress, ''),
      'postal address',
    ],
    [
      'the urgent-care note',
      (part: string) =>
        part.replaceAll(asciiHtml(sampleBrand.urgentCareNote), '').replaceAll(sampleBrand.urgentCareNote, ''),
      'urgent-care note',
    ],
    ['the booking link', (html: string) => html.replaceAll('?ref=1', '?ref=2'), 'button to the booking page'],
  ])('a mail without %s, in either part', async (_, without, what) => {
    const props = propsFor(sampleBrand, 'Pat')
    const mail = await createRenderer(templates).mail('lock-up', props)
    expect(checkMail(mail, props)).toEqual([])
    const wrong = (change: object) => checkMail({ ...mail, ...change }, props).map(({ message }) => message)
    expect(wrong({ html: without(mail.html) }).join()).toContain(`has no ${what} in its HTML`)
    expect(wrong({ text: without(mail.text) }).join()).toContain(`has no ${what} in its text`)
  })
})

describe('publishing warns of', () => {
  test('a lost point of the article, by its sentence', async () => {
    const lesson = base.lesson.filter((block) => block.type !== 'callout')
    expect(told(await check({ lesson }), 'warn').join()).toContain(
      '“the body clamps down to protect itself until it feels safe”',
    )
  })

  test('too few words, and words that read hard', async () => {
    const hard =
      'Notwithstanding considerable individual variability, physiological stabilisation necessitates comprehensive neuromuscular coordination.'
    const warned = told(await check({ lesson: [paragraph(`${hard} ${hard} ${hard}`)] }), 'warn').join('\n')
    expect(warned).toMatch(/mail: has 1[0-4]\d words/)
    expect(warned).toMatch(/mail: reads at grade \d/)
  })

  test('a long subject, measured as the reader sees it', async () => {
    const long = { subject: 'A first short note, and then a few more of them, {{firstName|you}}' }
    expect(told(await check(long), 'warn').join()).toContain('subject: has 5')
    expect(
      told(await check({ subject: 'A first note for you, {{firstName|and anyone else}}' }), 'warn'),
    ).toEqual([])
  })

  test('a health word on a locked screen, and a claim', async () => {
    expect(told(await check({ subject: 'About spasms' }), 'warn').join()).toContain('says “spasms”')
    const lesson = [...base.lesson, paragraph('We guarantee it.')]
    expect(told(await check({ lesson }), 'warn').join()).toContain('“guarantee”')
  })
})

test('an ordinary link is fine', () => {
  expect(linkProblem('https://www.mainlinephysio.com/about?team=1')).toBeNull()
})

describe('a number of notes that is written out', () => {
  test.each([
    ['eyebrow', 'Part 3 of 7'],
    ['preheader', 'The first of seven short notes, and an easy way to talk with us.'],
    ['title', 'One of our 7 emails'],
  ])('is told of in %s, since it stays when a step is switched off', async (field, text) => {
    expect(told(await check({ [field]: text }), 'warn').join()).toMatch(
      new RegExp(`${field}: says “.+”, also when a step is switched off: write {{part}} and {{parts}}`),
    )
  })

  test('is let be where the mail counts by itself, or counts something else', async () => {
    for (const title of ['Part {{part}} of {{parts}}', 'Four ways, seven days, two people'])
      expect(told(await check({ title }), 'warn').join()).not.toContain('switched off')
  })
})

test('in previews each lesson has the place that the sequence in code gives it', () => {
  const { steps } = backSpasms
  expect(
    steps.map(({ template }) => {
      const { part, parts } = templates[template].previewProps
      return { part, parts }
    }),
  ).toEqual(steps.map((_, at) => ({ part: at + 1, parts: steps.length })))
})
