import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createSourceLookup } from '../../src/http/source-lookup.ts'
import type { Source } from '../../src/store/sources.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function counted() {
  const there = new Map([['website', { slug: 'website' } as Source]])
  const asked: string[] = []
  const sourceOf = createSourceLookup(async (slug) => {
    asked.push(slug)
    if (slug === 'broken') throw new Error('no database')
    return there.get(slug) ?? null
  })
  return { there, asked, sourceOf }
}

test('a source is asked for once a second, however many want it', async () => {
  const { there, asked, sourceOf } = counted()
  const found = await Promise.all([sourceOf('website'), sourceOf('website')])
  expect(found).toEqual([{ slug: 'website' }, { slug: 'website' }])
  there.set('website', { slug: 'website', name: 'new' } as Source)
  vi.advanceTimersByTime(999)
  expect(await sourceOf('website')).toEqual({ slug: 'website' })
  expect(asked).toEqual(['website'])
  vi.advanceTimersByTime(1)
  expect(await sourceOf('website')).toEqual({ slug: 'website', name: 'new' })
  expect(asked).toEqual(['website', 'website'])
})

test('what is not there, or cannot be asked for, is asked for again', async () => {
  const { there, sourceOf } = counted()
  expect(await sourceOf('late')).toBeNull()
  await expect(sourceOf('broken')).rejects.toThrow('no database')
  await expect(sourceOf('broken')).rejects.toThrow('no database')
  there.set('late', { slug: 'late' } as Source)
  expect(await sourceOf('late')).toEqual({ slug: 'late' })
})
