/** An instant as a person in that zone reads it: "Mon 9 Mar 2026, 08:00 EDT". */
export function localTime(at: Date, timeZone: string): string {
  const part = (options: Intl.DateTimeFormatOptions) => at.toLocaleString('en-GB', { timeZone, ...options })
  const date = part({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
  const time = at.toLocaleString('en-US', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  })
  return `${date}, ${time}`
}
