import { Alert, Anchor, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { InferResponseType } from 'hono/client'
import { Link } from 'wouter'
import { api, read } from '../api.ts'
import { MailWaits } from './mail-waits.tsx'

/** What keeps mail from going out, on top of every page; nothing while all is well. */
export function StatusLine() {
  const { data } = useQuery({
    queryKey: ['status'],
    queryFn: () => read(api.status.$get()),
    refetchInterval: 10_000,
  })
  if (!data) return null
  return (
    <>
      <Stopped {...data} />
      <MailWaits {...data} />
      <Smaller {...data} />
    </>
  )
}

type Status = InferResponseType<typeof api.status.$get, 200>

/** What stops everything. */
function Stopped({ status, pause }: Pick<Status, 'status' | 'pause'>) {
  if (status === 'paused')
    return (
      <Alert color="orange" title="Mail is paused" mb="md">
        {pause?.reason}. Nothing is lost: leads are still captured, and what is due waits.
      </Alert>
    )
  if (status === 'stalled')
    return (
      <Alert color="red" title="No worker is running" mb="md">
        Nothing is sent until one is. Leads are still captured.
      </Alert>
    )
  return null
}

/** What stops some of it, and what nobody was told, with the way to where that is settled. */
function Smaller({ templatesPaused, failedAlerts }: Pick<Status, 'templatesPaused' | 'failedAlerts'>) {
  const said = [
    ...templatesPaused.map(({ template }) => `The mail ${template} is paused.`),
    ...(failedAlerts === 0
      ? []
      : [failedAlerts === 1 ? 'An alert could not be sent.' : `${failedAlerts} alerts could not be sent.`]),
  ]
  if (said.length === 0) return null
  return (
    <Text size="sm" mb="md">
      {said.join(' ')}{' '}
      <Anchor component={Link} href="/problems/service" inherit>
        See to it
      </Anchor>
    </Text>
  )
}
