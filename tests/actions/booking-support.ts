import { randomUUID } from 'node:crypto'
import { receiveEvent } from '../../src/actions/receive-event.ts'
import type { TestService } from '../support/service.ts'

type News = { event?: string; invitee: string; email: string; at: string; startsAt?: string; data?: object }

/** Takes an event of Calendly as it would be after its signature was checked. Each time is an event of its own. */
export async function tell({ ctx }: Pick<TestService, 'ctx'>, news: News): Promise<void> {
  const { event = 'invitee.created', invitee, email, at, startsAt = '2026-03-09T15:00:00Z', data = {} } = news
  const payload = {
    uri: invitee,
    email,
    scheduled_event: { start_time: startsAt },
    rescheduled: false,
    ...data,
  }
  const body = new TextEncoder().encode(JSON.stringify({ event, created_at: at, payload }))
  await receiveEvent(ctx, { provider: 'calendly', eventId: randomUUID(), body })
}
