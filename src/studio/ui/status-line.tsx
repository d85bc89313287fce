import { Alert } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, read } from '../api.ts'

/** What keeps mail from going out, on top of every page; nothing while all is well. */
export function StatusLine() {
  const { data } = useQuery({
    queryKey: ['status'],
    queryFn: () => read(api.status.$get()),
    refetchInterval: 10_000,
  })
  if (!data) return null
  if (data.status === 'paused')
    return (
      <Alert color="orange" title="Mail is paused" mb="md">
        {data.pause?.reason}. Nothing is lost: leads are still captured, and what is due waits.
      </Alert>
    )
  if (data.status === 'stalled')
    return (
      <Alert color="red" title="No worker is running" mb="md">
        Nothing is sent until one is. Leads are still captured.
      </Alert>
    )
  return null
}
