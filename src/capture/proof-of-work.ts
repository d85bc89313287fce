import { createChallenge, extractParams, verifySolution } from 'altcha-lib/v1'

/** A challenge as ALTCHA's clients know it (altcha.org, version 1): which number makes this hash of salt and number? */
export type Challenge = Awaited<ReturnType<typeof createChallenge>>

/** A solution is good for so long after its challenge was made. */
export const solveWithinSeconds = 600

/** Half of it, on average, is what a browser has to try: well under a second on a desk, about one on an old phone. */
const highestNumber = 50_000

/** Field in which a form sends the solution. */
export const solutionKey = 'altcha'

/** A challenge for the form of one source. */
export function newChallenge(key: string, slug: string, now: Date): Promise<Challenge> {
  return createChallenge({
    hmacKey: key,
    maxnumber: highestNumber,
    expires: new Date(now.getTime() + solveWithinSeconds * 1_000),
    params: { source: slug },
  })
}

/**
 * The challenge that a solution solves; null when it solves none of ours, another source's, or one too old. Whether it
 * was used before is the caller's to see.
 */
export async function solvedChallenge(key: string, slug: string, solution: string): Promise<string | null> {
  try {
    const payload = JSON.parse(atob(solution)) as { challenge?: unknown }
    if (typeof payload.challenge !== 'string' || extractParams(solution).source !== slug) return null
    return (await verifySolution(solution, key)) ? payload.challenge : null
  } catch {
    // Anybody may write anything there.
    return null
  }
}
