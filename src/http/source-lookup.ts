import type { Source } from '../store/sources.ts'

/** A secret taken from a source, or a changed mapping, counts this much later in every process. */
const freshMs = 1_000

/**
 * Finds sources by slug, and remembers those there are for a second: the same few are asked for at every capture.
 * Requests that ask at the same time share one query.
 */
export function createSourceLookup(
  find: (slug: string) => Promise<Source | null>,
): (slug: string) => Promise<Source | null> {
  const known = new Map<string, { source: Promise<Source | null>; until: number }>()
  return async (slug) => {
    const seen = known.get(slug)
    if (seen && performance.now() < seen.until) return seen.source
    const source = find(slug)
    known.set(slug, { source, until: performance.now() + freshMs })
    // What is not there, or could not be asked for, is not remembered: anybody can invent slugs.
    const forget = () => known.get(slug)?.source === source && known.delete(slug)
    source.then((found) => found ?? forget(), forget)
    return source
  }
}
