/** An instant as people here say it; in a zone, where it is somebody else's time. */
export function when(instant: string | null | undefined, timeZone?: string): string {
  if (!instant) return ''
  return new Date(instant).toLocaleString(undefined, {
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    ...(timeZone ? { timeZone, timeZoneName: 'short' } : {}),
  })
}
