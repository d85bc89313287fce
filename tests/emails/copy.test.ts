import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { grade, lessonText, runningText, words } from '../../emails/_checks/measure.ts'
import { attribution, forbidden, healthWords } from '../../emails/_checks/phrases.ts'
import type { Block } from '../../emails/_components/copy.ts'
import { templates, type TemplateName } from '../../emails/index.ts'
import { names } from './support.ts'

const paragraph = (text: string): Block => ({ type: 'paragraph', text })

const plain = (text: string) =>
  words(text.toLowerCase().replaceAll('’', "'").replaceAll('-', ' ')).map((word) =>
    word.replace(/^'+|'+$/g, ''),
  )

/** Runs of words that the copy shares with the article; the call itself is named as the article names it. */
function shared(text: string, run: number): string[] {
  const runs = (all: string[]) =>
    all.slice(0, 1 - run || undefined).map((_, at) => all.slice(at, at + run).join(' '))
  const article = new Set(runs(plain(readFileSync(new URL('article.txt', import.meta.url), 'utf8'))))
  const step = 'schedule a call to talk with a provider'
  return runs(plain(text)).filter((phrase) => article.has(phrase) && !step.includes(phrase))
}

/** A lesson is prose. The mail after a missed call may be plainer, and the one that only asks as plain as it likes. */
function gradeAtLeast(name: TemplateName): number {
  if (templates[name].tag.startsWith('lesson-')) return 6
  return name === 'rebook' ? 5 : 0
}

describe.each(names)('%s', (name) => {
  const { defaults, copy, evidence } = templates[name]
  const text = lessonText(defaults)

  test('keeps to its own schema', () => {
    expect(copy.safeParse(defaults).error).toBeUndefined()
  })

  test('has 150 to 300 words', () => {
    expect(words(text).length).toBeGreaterThanOrEqual(150)
    expect(words(text).length).toBeLessThanOrEqual(300)
  })

  test('reads as a person talks: neither stiff nor clipped', () => {
    const level = grade(runningText(defaults))
    expect(level).toBeGreaterThanOrEqual(gradeAtLeast(name))
    expect(level).toBeLessThanOrEqual(8)
  })

  test('has short subjects and a preheader that adds to them', () => {
    const { subject, topicalSubject, preheader } = defaults
    for (const line of [subject, topicalSubject]) expect(line.length).toBeLessThan(50)
    expect(preheader.length).toBeGreaterThan(30)
    expect(preheader.length).toBeLessThanOrEqual(110)
    const known = new Set(plain(`${subject} ${topicalSubject}`))
    expect(plain(preheader).filter((word) => !known.has(word)).length).toBeGreaterThan(4)
  })

  test('says nothing of health in its neutral subject and preheader', () => {
    expect(defaults.subject).not.toMatch(healthWords)
    expect(defaults.preheader).not.toMatch(healthWords)
    for (const line of [defaults.subject, defaults.topicalSubject, defaults.preheader]) {
      expect(line).not.toContain('!')
      expect(line).not.toMatch(attribution)
    }
  })

  test('makes no claim that it must not make', () => {
    expect(text.match(forbidden)?.[0]).toBeUndefined()
    expect(text.match(/\d+/)?.[0]).toBeUndefined()
    expect(text).not.toContain('!!')
  })

  test('tells it in our words', () => {
    expect(shared(text, 6)).toEqual([])
  })

  test('ends in a button to the booking page, and its evidence is its own', () => {
    const last = defaults.step.find((block) => block.type === 'button')
    expect(last).toMatchObject({ type: 'button', to: 'booking' })
    expect(Object.values(evidence).every((phrase) => phrase.length > 8)).toBe(true)
  })
})

test('the buttons, titles and subjects are all different', () => {
  for (const key of ['subject', 'topicalSubject', 'preheader', 'title', 'stepTitle'] as const)
    expect(new Set(names.map((name) => templates[name].defaults[key])).size).toBe(names.length)
  const labels = names.flatMap((name) =>
    templates[name].defaults.step.flatMap((b) => (b.type === 'button' ? b.label : [])),
  )
  expect(new Set(labels).size).toBe(names.length)
})

test('the grade tells clipped, natural and stiff sentences apart', () => {
  const inside = (...texts: string[]) =>
    grade(
      runningText({ ...templates['lock-up'].defaults, opening: [], lesson: texts.map(paragraph), step: [] }),
    )
  const clipped = 'A back locks. It hurts. Most people are scared. Then they rest. It helps for a while.'
  const natural =
    'When a back locks up, most people are frightened, so they rest for a few days, which usually helps for a while.'
  const stiff = 'Immobilisation subsequent to acute muscular contraction provides symptomatic alleviation.'
  expect(inside(clipped)).toBeLessThan(5)
  expect(inside(natural)).toBeGreaterThan(6)
  expect(inside(natural)).toBeLessThan(8)
  expect(inside(stiff)).toBeGreaterThan(8)
  // A line without a full stop ends all the same.
  expect(inside('one line of it here', 'and one more line')).toBe(
    inside('one line of it here.', 'and one more line.'),
  )
})

test('the word lists catch what they are for', () => {
  for (const line of [
    'Your back pain',
    'When a back locks up',
    'After the MRI',
    'Sore hips?',
    'Less fear of flare-ups',
  ])
    expect(line).toMatch(healthWords)
  for (const line of ['We guarantee it', 'Studies show', 'two sets of ten', 'Hurry'])
    expect(line).toMatch(forbidden)
  expect(shared('the next you’re frozen, in pain, and wondering', 6)).not.toEqual([])
})

test('the schema refuses copy that would break a mail', () => {
  const { copy, defaults } = templates['lock-up']
  const bad = [
    { ...defaults, subject: 'x'.repeat(91) },
    { ...defaults, step: [] },
    { ...defaults, title: 'Hi {{firstName}}' },
    { ...defaults, title: 'Hi {{nickname|you}}' },
    { ...defaults, title: 'Hi {{firstName|you}' },
    { ...defaults, opening: [{ type: 'script', text: 'x' }] },
    { ...defaults, opening: [{ type: 'paragraph', text: 'x', style: 'color:red' }] },
    { ...defaults, footer: 'x' },
    { ...defaults, title: 'Hi\u202e there' },
    { ...defaults, title: ' \n ' },
  ]
  for (const value of bad) expect(copy.safeParse(value).success).toBe(false)
})
