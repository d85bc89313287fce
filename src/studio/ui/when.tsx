import { useMe } from './use-me.ts'

/** A moment in the clinic's own time. */
export function When({ at }: { at: string | Date }) {
  const { data } = useMe()
  const date = new Date(at)
  const text = date.toLocaleString('en-US', {
    ...(data ? { timeZone: data.clinic.timeZone } : {}),
    dateStyle: 'medium',
    timeStyle: 'short',
  })
  return <time dateTime={date.toISOString()}>{text}</time>
}
