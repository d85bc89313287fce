import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import type { Clock } from '../../src/core/clock.ts'

/** The domain's clock of a whole run: eight bytes in a file, moved by the parent and read by every child. */
export type SharedClock = Clock & {
  jumpTo(at: Date): void
  /** What it showed at a moment of wall time (ms); never later than what a reader saw then. */
  shownAt(wall: number): Date
  close(): void
}

export function createSharedClock(path: string, start: Date): SharedClock {
  const file = openSync(path, 'w+')
  const jumps: { wall: number; shows: number }[] = []
  const show = (shows: number) => {
    const bytes = Buffer.alloc(8)
    bytes.writeDoubleLE(shows)
    writeSync(file, bytes, 0, 8, 0)
    // After the write: in the moment between, a reader may see the new time, but nobody is blamed for the old one.
    jumps.push({ wall: Date.now(), shows })
  }
  show(start.getTime())
  return {
    kind: 'lapse',
    now: () => new Date(jumps.at(-1)!.shows),
    jumpTo(at) {
      if (at.getTime() > jumps.at(-1)!.shows) show(at.getTime())
    },
    shownAt(wall) {
      let low = 0
      let high = jumps.length - 1
      while (low < high) {
        const middle = Math.ceil((low + high) / 2)
        if (jumps[middle]!.wall <= wall) low = middle
        else high = middle - 1
      }
      return new Date(jumps[low]!.shows)
    },
    close: () => closeSync(file),
  }
}

/** The same clock in a child. */
export function readSharedClock(path: string): Clock {
  const file = openSync(path, 'r')
  const bytes = Buffer.alloc(8)
  return {
    kind: 'lapse',
    now() {
      readSync(file, bytes, 0, 8, 0)
      return new Date(bytes.readDoubleLE())
    },
  }
}
