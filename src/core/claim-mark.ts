/** A place in the order in which deliveries fall due: by time, then by id. */
export type DuePlace = { dueAt: string; id: string }

/**
 * How far this process's claims have come. It spares the next claim the walk over everything that was sealed before,
 * of which a long-open snapshot (a backup, a report) keeps PostgreSQL from clearing the index.
 * A hint and no more: something may fall due behind it at any time (a retry, an opened envelope, a form that
 * committed late, a clock set back), so claims look behind it again and again. Times are milliseconds of a clock that
 * only goes forward.
 */
export type ClaimMark = {
  place: DuePlace
  /** When a claim must look behind the mark, whatever lies before it. */
  lookBackAt: number
  /** The last look behind was dear, so that it is not taken again before `lookBackAt`. */
  dear: boolean
}

/** One for first mails and one for all others; null until this process has claimed one of them. */
export type ClaimMarks = { first: ClaimMark | null; later: ClaimMark | null }

/** Looks behind a mark take up at most a twentieth of the time. */
const share = 20
/** Nothing that is due is out of sight for longer. */
export const longestBlindMs = 5_000
/** Up to here a look behind costs little beside a heartbeat, and is taken whenever there is time. */
const dearMs = 50

/** True when a claim must look behind the mark first. */
export function mustLookBack(mark: ClaimMark, nowMs: number): boolean {
  return nowMs >= mark.lookBackAt
}

/** The mark after a look behind it that ended at `endMs`; `full`: it found as many as it asked for. */
export function afterLookBack(
  mark: ClaimMark,
  look: { found: number; full: boolean; tookMs: number; endMs: number },
): ClaimMark {
  const rest = look.full ? 0 : Math.min(share * look.tookMs, longestBlindMs)
  // What was found may have been dear to read, not to find.
  const dear = look.found === 0 ? look.tookMs > dearMs : mark.dear
  return { ...mark, lookBackAt: look.endMs + rest, dear }
}

/** The mark once claims have come to `place`; the first one is set at `nowMs`. */
export function moveMark(mark: ClaimMark | null, place: DuePlace, nowMs: number): ClaimMark {
  return mark ? { ...mark, place } : { place, lookBackAt: nowMs, dear: false }
}
