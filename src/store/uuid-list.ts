/** Ids as PostgreSQL reads an array of them: a hundred at a time, looking at each for signs to escape is a waste. */
export const uuidList = (ids: readonly string[]): string => `{${ids.join(',')}}`
