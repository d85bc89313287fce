import { Problem } from './core/problem.ts'

/** Takes items one by one and works them off in batches. */
export type Coalescer<Item, Result> = {
  /**
   * Resolves or rejects with what the flush said of this item. Throws Problem `busy` when too many wait already.
   */
  add(item: Item): Promise<Result>
}

export type CoalescerOptions<Item, Result> = {
  /** Two items that share a key never run at the same time; the later one comes after the earlier one. */
  keysOf(item: Item): readonly string[]
  /** Works off a batch; one settled result for each item, in the same order. */
  flush(items: readonly Item[]): Promise<readonly PromiseSettledResult<Result>[]>
  /** Most flushes in flight. */
  flushes: number
  /** Most items in a flush. */
  batch: number
  /** Most items that may wait. */
  waiting: number
}

type Entry<Item, Result> = {
  item: Item
  keys: readonly string[]
  resolve(result: Result): void
  reject(reason: unknown): void
}

/**
 * Batches whatever comes while earlier batches are worked off, so that the load itself sets their size: a lone item
 * goes at once and alone.
 */
export function createCoalescer<Item, Result>(
  options: CoalescerOptions<Item, Result>,
): Coalescer<Item, Result> {
  let waiting: Entry<Item, Result>[] = []
  let inFlight = 0
  let scheduled = false
  const busy = new Set<string>()

  /** The oldest that can run now. Whoever shares a key with somebody before them stays behind them. */
  function take(): Entry<Item, Result>[] {
    const batch: Entry<Item, Result>[] = []
    const held = new Set(busy)
    const left = waiting.filter((entry) => {
      if (batch.length === options.batch) return true
      const free = !entry.keys.some((key) => held.has(key))
      for (const key of entry.keys) held.add(key)
      if (free) batch.push(entry)
      return !free
    })
    waiting = left
    return batch
  }

  function pump(): void {
    scheduled = false
    while (inFlight < options.flushes && waiting.length > 0) {
      const batch = take()
      if (batch.length === 0) return
      void run(batch)
    }
  }

  async function run(batch: readonly Entry<Item, Result>[]): Promise<void> {
    inFlight++
    for (const { keys } of batch) for (const key of keys) busy.add(key)
    try {
      const results = await options.flush(batch.map(({ item }) => item))
      batch.forEach(({ resolve, reject }, index) => {
        const result = results[index]!
        if (result.status === 'fulfilled') resolve(result.value)
        else reject(result.reason)
      })
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
    inFlight--
    for (const { keys } of batch) for (const key of keys) busy.delete(key)
    pump()
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= options.waiting)
          throw new Problem('busy', 'More comes in than can be stored. Send it again in a moment.')
        waiting.push({ item, keys: options.keysOf(item), resolve, reject })
        if (scheduled) return
        scheduled = true
        // After what else has just arrived: requests that came together are stored together.
        setImmediate(pump)
      }),
  }
}
