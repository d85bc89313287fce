import { expect, test } from 'vitest'
import { article, type ArticleId } from '../../emails/article.ts'
import { previewProps } from '../../emails/_components/preview-props.ts'
import { templates, type TemplateName } from '../../emails/index.ts'
import { coverage } from '../../emails/coverage.ts'
import { createRenderer } from '../../src/mail/renderer.ts'
import { names } from './support.ts'

const rows = await coverage(templates, createRenderer(templates))
const HEDGE =
  /in most cases|in many cases|usually|most often|\boften\b|\bmany\b|sometimes|likely|most people|isn’t always|\bmay\b|can come/i

test('ids are kebab-case and stand once', () => {
  const ids = article.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/)
})

test('every point of the article is taught', () => {
  const taught = new Set(names.flatMap((name) => templates[name].teaches as readonly ArticleId[]))
  expect(article.map(({ id }) => id).filter((id) => !taught.has(id))).toEqual([])
})

test('every claimed point has its sentence in the rendered text', () => {
  expect(rows.filter(({ found }) => !found).map(({ template, id }) => `${template}: ${id}`)).toEqual([])
})

test('the order builds: what a lesson needs was taught before, or stands no later in the same mail', async () => {
  const renderer = createRenderer(templates)
  // A sentence may hold both, in either order: it is read as one.
  const placeOf = async (id: string): Promise<readonly [lesson: number, sentence: number]> => {
    const row = rows.find((found) => found.id === id)!
    const text = (await renderer.mail(row.template as TemplateName, previewProps)).text.replace(/\s+/g, ' ')
    return [row.lesson, text.indexOf(row.sentence)]
  }
  const needs = article.flatMap((point) => (point.needs ?? []).map((need) => [point.id, need] as const))
  expect(needs.length).toBeGreaterThan(30)
  for (const [id, need] of needs) {
    const [[lesson, sentence], [before, earlier]] = [await placeOf(id), await placeOf(need)]
    expect([id, need, before < lesson || (before === lesson && earlier <= sentence)]).toEqual([
      id,
      need,
      true,
    ])
  }
})

test('what a lesson teaches stands in the article’s own order of lessons', () => {
  const firstLesson = new Map<string, number>()
  for (const { id, lesson } of rows) firstLesson.set(id, Math.min(lesson, firstLesson.get(id) ?? Infinity))
  const lessons = article.map(({ id }) => firstLesson.get(id) ?? 0)
  expect(lessons).toEqual([...lessons].sort((a, b) => a - b))
})

test('a point that the article hedges stays hedged', () => {
  const hedged = new Set(article.filter((point) => point.hedged).map(({ id }) => id))
  const bare = rows.filter(({ id, phrase }) => hedged.has(id) && !HEDGE.test(phrase))
  expect(bare.map(({ id, phrase }) => `${id}: ${phrase}`)).toEqual([])
})

test('each lesson teaches the call as its step', () => {
  const lessons = names.filter((name) => templates[name].tag.startsWith('lesson-'))
  expect(lessons).toHaveLength(7)
  for (const name of lessons) expect(templates[name].teaches).toContain('schedule-a-call')
})
