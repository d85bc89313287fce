/** A moment as it is in some zone, which it names: for what happens in a lead's time. */
export function InZone({ at, timeZone }: { at: string | Date; timeZone: string }) {
  const date = new Date(at)
  const text = date.toLocaleString('en-US', {
    timeZone,
    weekday: 'short',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  })
  return <time dateTime={date.toISOString()}>{text}</time>
}
