import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCoalescer } from '../src/coalescer.ts'

type Item = { name: string; keys: string[] }

/** A coalescer whose flushes end when the test says so. */
function held(limits: Partial<{ flushes: number; batch: number; waiting: number }> = {}) {
  const running: { batch: readonly Item[]; end(fault?: Error): void }[] = []
  const begun: string[][] = []
  const coalescer = createCoalescer<Item, string>({
    keysOf: ({ keys }) => keys,
    flush: (batch) => {
      begun.push(batch.map(({ name }) => name))
      return new Promise((resolve, reject) => {
        const entry = {
          batch,
          end(fault?: Error) {
            running.splice(running.indexOf(entry), 1)
            if (fault) reject(fault)
            else
              resolve(
                batch.map(({ name }) =>
                  name.startsWith('bad')
                    ? { status: 'rejected', reason: new Error(name) }
                    : { status: 'fulfilled', value: `${name} done` },
                ),
              )
          },
        }
        running.push(entry)
      })
    },
    flushes: 2,
    batch: 3,
    waiting: 100,
    ...limits,
  })
  const add = (name: string, ...keys: string[]) =>
    coalescer.add({ name, keys: keys.length > 0 ? keys : [name] })
  return { add, running, begun }
}

describe('a coalescer', () => {
  test('flushes a lone item at once, and alone', async () => {
    const { add, begun, running } = held()
    const done = add('a')
    await turn()
    expect(begun).toEqual([['a']])
    running[0]!.end()
    expect(await done).toBe('a done')
  })

  test('flushes together what came together, up to its limits; the rest waits for the next', async () => {
    const { add, begun, running } = held()
    const all = Promise.all('abcdefgh'.split('').map((name) => add(name)))
    await turn()
    expect(begun).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e', 'f'],
    ])
    running[1]!.end()
    await turn()
    expect(begun.slice(2)).toEqual([['g', 'h']])
    while (running.length > 0) running[0]!.end()
    expect(await all).toHaveLength(8)
  })

  test('gives each item its own result, and a failed flush to its items alone', async () => {
    const { add, running } = held()
    const results = Promise.allSettled(['a', 'bad b', 'c', 'd'].map((name) => add(name)))
    await turn()
    running[0]!.end()
    running[0]!.end(new Error('broken'))
    expect(await results).toEqual([
      { status: 'fulfilled', value: 'a done' },
      { status: 'rejected', reason: new Error('bad b') },
      { status: 'fulfilled', value: 'c done' },
      { status: 'rejected', reason: new Error('broken') },
    ])
  })

  test('lets nobody overtake those they share a key with', async () => {
    const { add, begun, running } = held({ flushes: 3 })
    const all = Promise.all([add('a1', 'a'), add('ab', 'a', 'b'), add('b1', 'b'), add('c1', 'c')])
    await turn()
    // b1 shares nothing with what runs, but something with ab, which came before it.
    expect(begun).toEqual([['a1', 'c1']])
    running[0]!.end()
    await turn()
    expect(begun.slice(1)).toEqual([['ab']])
    running[0]!.end()
    await turn()
    expect(begun.slice(2)).toEqual([['b1']])
    running[0]!.end()
    await all
  })

  test('refuses what it has no room for, and takes it again afterwards', async () => {
    const { add, running } = held({ waiting: 2 })
    const first = Promise.all([add('a'), add('b')])
    await expect(add('c')).rejects.toMatchObject({ name: 'Problem', code: 'busy' })
    await turn()
    const later = add('c')
    running[0]!.end()
    await first
    await turn()
    while (running.length > 0) running[0]!.end()
    expect(await later).toBe('c done')
  })

  test('never runs a key twice at once, and keeps the order of each key, whatever comes when', async () => {
    const step = fc.oneof(
      fc.record({
        keys: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 2 }),
      }),
      fc.record({ end: fc.nat(3) }),
      fc.constant('turn' as const),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { add, running, begun } = held()
        const added: Item[] = []
        const all: Promise<string>[] = []
        const check = () => {
          const keys = running.flatMap(({ batch }) => batch.flatMap((item) => item.keys))
          expect(new Set(keys).size).toBe(keys.length)
          expect(running.length).toBeLessThanOrEqual(2)
        }
        for (const one of steps) {
          if (one === 'turn') await turn()
          else if ('end' in one) running[one.end]?.end()
          else {
            added.push({ name: String(added.length), keys: one.keys })
            all.push(add(String(added.length - 1), ...one.keys))
          }
          check()
        }
        while (begun.flat().length < added.length || running.length > 0) {
          running[0]?.end()
          await turn()
          check()
        }
        expect(await Promise.all(all)).toEqual(added.map(({ name }) => `${name} done`))
        for (const key of ['a', 'b', 'c', 'd']) {
          const order = begun.flat().filter((name) => added[Number(name)]!.keys.includes(key))
          expect(order).toEqual(order.toSorted((one, other) => Number(one) - Number(other)))
        }
      }),
    )
  })
})
