/** Longer than whoever is asked is waited for, so that one event is not asked about twice at once. */
export const readLeaseMs = 30_000

/** With the pauses below, whoever is asked may be away for more than a day. */
export const readLimit = 40
const longestPauseMs = 60 * 60_000

/** Pause in ms after so many failed questions: 2 s, doubling up to an hour. */
export const readPauseMs = (failures: number) => Math.min(2_000 * 2 ** (failures - 1), longestPauseMs)
