/**
 * Envelopes that this process sealed a moment ago, by dispatch: their first attempt need not read them again. PostgreSQL
 * holds the same pieces, and every further attempt reads those.
 */
export type SealedEnvelopes = {
  /** Only once the transaction that seals it is committed. */
  keep(dispatchId: string, pieces: readonly string[]): void
  /** Its pieces, once; null when they are not at hand. */
  take(dispatchId: string): readonly string[] | null
}

/** What another process sends, or nobody for now, is let go of: it may have to be erased. */
const keepMs = 60_000

/** Keeps `limit` envelopes, some 100 kB each: what they have in common is kept once. The oldest leave first. */
export function createSealedEnvelopes(limit = 64): SealedEnvelopes {
  const kept = new Map<string, readonly string[]>()
  return {
    keep(dispatchId, pieces) {
      kept.set(dispatchId, pieces)
      setTimeout(() => kept.delete(dispatchId), keepMs).unref()
      if (kept.size > limit) kept.delete(kept.keys().next().value!)
    },
    take(dispatchId) {
      const pieces = kept.get(dispatchId) ?? null
      kept.delete(dispatchId)
      return pieces
    },
  }
}
