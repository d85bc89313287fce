const day = new Intl.DateTimeFormat('en-US', {
  weekday: 'long',
  month: 'long',
  day: 'numeric',
  year: 'numeric',
})
const shortDay = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric' })
const clock = new Intl.DateTimeFormat('en-US', { hour: 'numeric', minute: '2-digit' })
const exact = new Intl.DateTimeFormat('en-US', {
  hour: 'numeric',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
})

/** Times of this machine's zone, in words. In: ISO 8601. */
export const dayOf = (iso: string): string => day.format(new Date(iso))
export const shortDayOf = (iso: string): string => shortDay.format(new Date(iso))
export const clockOf = (iso: string): string => clock.format(new Date(iso))
export const exactTimeOf = (iso: string): string => exact.format(new Date(iso))

/** The zone those times are in. */
export const pageZone = (): string => clock.resolvedOptions().timeZone
