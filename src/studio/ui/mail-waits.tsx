import { Alert } from '@mantine/core'
import type { InferResponseType } from 'hono/client'
import type { api } from '../api.ts'
import { When } from './when.tsx'

type Waits = Pick<InferResponseType<typeof api.status.$get, 200>, 'status' | 'dailyQuota' | 'restsUntil'>

/** That no mail goes out for a reason that ends by itself; nothing when that is not so. */
export function MailWaits({ status, dailyQuota, restsUntil }: Waits) {
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
