import type { Clock } from '../core/clock.ts'

/** A clock that stands still until it is told to jump. */
export type LapseClock = Clock & { jumpTo(at: Date): void }

/** Starts at `start`; a jump back is ignored, since time never runs that way. */
export function createLapseClock(start: Date): LapseClock {
  let current = start.getTime()
  return {
    kind: 'lapse',
    now: () => new Date(current),
    jumpTo(at) {
      current = Math.max(current, at.getTime())
    },
  }
}
