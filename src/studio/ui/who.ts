/** Who did something, as people know each other: those of the studio without the word for where they did it. */
export const who = (actor: string | null | undefined): string => actor?.replace(/^studio: /, '') ?? 'Somebody'
