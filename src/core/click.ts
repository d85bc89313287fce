/** `early`: sooner than a person could have. `burst`: one of several at once. */
export const clickDiscounts = ['early', 'burst'] as const
export type ClickDiscount = (typeof clickDiscounts)[number]

/** Scanners open what a mail links to while it is delivered; nobody reads and decides in that time. */
const earlyMs = 10_000

/** So many clicks of one lead within so many ms are a program's, and none of them counts; of more, none is kept. */
export const burst = { clicks: 3, withinMs: 10_000, kept: 10 }

/** True for a click that came with the mail. `acceptedAt` is null while nobody knows yet that it went out. */
export function isEarly(acceptedAt: Date | null, at: Date): boolean {
  return acceptedAt === null || at.getTime() - acceptedAt.getTime() < earlyMs
}
