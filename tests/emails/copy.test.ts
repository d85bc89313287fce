import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { templates } from '../../emails/index.ts'
import { copyWords, healthWords, names } from './support.ts'

const words = (text: string) => text.match(/[\p{L}\p{N}’'-]+/gu) ?? []
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

function syllables(word: string): number {
  const groups = word
    .toLowerCase()
    .replace(/(?:[^laeiouy]es|[^laeiouy]e|ed)$/, '')
    .match(/[aeiouy]{1,2}/g)
  return Math.max(1, groups?.length ?? 1)
}

/** Flesch-Kincaid: an estimate, good enough to catch a text that grew stiff. */
function grade(text: string): number {
  const all = words(text)
  const sentences = text.split(/[.?!:]+\s/).filter((part) => part.trim() !== '').length
  const syllableCount = all.reduce((sum, word) => sum + syllables(word), 0)
  return 0.39 * (all.length / sentences) + 11.8 * (syllableCount / all.length) - 15.59
}

/** What a clinic must not say, and what the article does not: promises, proof, pressure, doses, praise. */
const forbidden =
  /guarantee|\bcures?\b|\bheals?\b|\bhealed\b|%|\bproven\b|clinically|\bstud(y|ies)\b|research|evidence shows|testimonial|patients? (say|said|told|love)|pain[- ]free|\bnever again\b|permanent|risk[- ]free|act now|hurry|last chance|limited|only \d|don’t wait|before it’s too late|act fast|today only|\bdiagnos|\breps?\b|\bsets of\b|times a (day|week)|minutes a day|\bbest clinic|award|board[- ]certified|years of experience|\bexpert|stop taking|instead of (your )?(doctor|medicine)/i

describe.each(names)('%s', (name) => {
  const { defaults, copy, evidence } = templates[name]
  const text = copyWords(name)

  test('keeps to its own schema', () => {
    expect(copy.safeParse(defaults).error).toBeUndefined()
  })

  test('has 150 to 300 words at grade 8 or below', () => {
    expect(words(text).length).toBeGreaterThanOrEqual(150)
    expect(words(text).length).toBeLessThanOrEqual(300)
    expect(grade(text)).toBeLessThanOrEqual(8)
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
    for (const line of [defaults.subject, defaults.topicalSubject, defaults.preheader])
      expect(line).not.toMatch(/!|\byour (back|pain|spasm|condition|problem)/i)
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
    expect(Object.values(evidence).every((phrase) => phrase.length > 8 || phrase === 'Strength')).toBe(true)
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
    { ...defaults, subject: 'x'.repeat(50) },
    { ...defaults, step: [] },
    { ...defaults, title: 'Hi {{firstName}}' },
    { ...defaults, title: 'Hi {{nickname|you}}' },
    { ...defaults, title: 'Hi {{firstName|you}' },
    { ...defaults, opening: [{ type: 'script', text: 'x' }] },
  ]
  for (const value of bad) expect(copy.safeParse(value).success).toBe(false)
})
