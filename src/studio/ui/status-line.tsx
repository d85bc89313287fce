import { Alert, Anchor, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { InferResponseType } from 'hono/client'
import { Link } from 'wouter'
import { api, read } from '../api.ts'
import { When } from './when.tsx'

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
      <Waiting {...data} />
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

/** That no mail goes out for a reason that ends by itself; nothing when that is not so. */
function Waiting({ status, dailyQuota, restsUntil }: Pick<Status, 'status' | 'dailyQuota' | 'restsUntil'>) {
  const why = {
    'quota-used-up': dailyQuota?.usedUpUntil && (
      <>
        The day’s {dailyQuota.of} mails are used up until <When at={dailyQuota.usedUpUntil} />.
      </>
    ),
    unclear: 'The mail provider gives no clear answer. It is asked again and again.',
    resting: restsUntil && (
      <>
        The mail provider wants no mail until <When at={restsUntil} />.
      </>
    ),
    ok: null,
    paused: null,
    stalled: null,
  }[status]
  if (!why) return null
  return (
    <Alert color="orange" title="Mail waits" mb="md">
      {why} Nothing is lost, and it goes on by itself.
    </Alert>
  )
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
