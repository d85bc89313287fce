import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { storyOf } from '../http/support.ts'
import { submitForm } from '../support/forms.ts'
import { createTestService, type TestService } from '../support/service.ts'
import { tell } from './booking-support.ts'

let service: TestService
beforeAll(async () => {
  service = await createTestService()
  await service.addSource({})
  // Two people at once must not hold up each other's address.
  service.sandbox.setWebhook(null)
})
afterAll(() => service?.stop())

/** The whole life of one call, each event with its own time; the form may come anywhere between them. */
const life = {
  booked: { id: 'old', at: '2026-03-01T15:00:00Z' },
  'left for a new time': { event: 'invitee.canceled', id: 'old', at: '2026-03-02T15:00:00Z', leaves: true },
  'new time': { id: 'new', at: '2026-03-02T15:00:00Z', from: true },
  missed: { event: 'invitee_no_show.created', id: 'new', at: '2026-03-03T15:00:00Z' },
  'not missed after all': { event: 'invitee_no_show.deleted', id: 'new', at: '2026-03-03T16:00:00Z' },
  cancelled: { event: 'invitee.canceled', id: 'new', at: '2026-03-04T12:00:00Z' },
} as const
type Part = keyof typeof life | 'form'
const parts = Object.keys(life) as (keyof typeof life)[]

let people = 0
/** Lets these come in this order to a person of their own, and tells how it ends. */
async function endOf(order: readonly Part[]) {
  const email = `order-${++people}@lead.example`
  const ids = { old: `https://calendly.test/${people}/old`, new: `https://calendly.test/${people}/new` }
  for (const part of order) {
    if (part === 'form') {
      expect((await submitForm(service, { email, submission_id: `form-${people}` })).status).toBe(200)
      continue
    }
    const one: { event?: string; id: 'old' | 'new'; at: string; leaves?: true; from?: true } = life[part]
    const data = {
      ...(one.leaves ? { rescheduled: true, new_invitee: ids.new } : {}),
      ...(one.from ? { old_invitee: ids.old } : {}),
    }
    const event = one.event ? { event: one.event } : {}
    await tell(service, { ...event, invitee: ids[one.id], email, at: one.at, data })
  }
  const { lead, enrollments, bookings, deliveries } = await storyOf(service, email)
  const open = enrollments.filter(({ status }) => status === 'active' || status === 'held')
  return {
    // What a lead is, apart from the ids that are its own.
    lead: { ...lead, id: '', email: '', emailKey: '', foldedKey: '' },
    running: open.map(({ sequence, status }) => ({ sequence, status })),
    waiting: deliveries
      .filter(({ status }) => status === 'waiting')
      .map(({ step, dueAt, windowClosesAt }) => ({ step, dueAt, windowClosesAt })),
    bookings: bookings
      .map(({ externalId, status, stood, matchedBy, startsAt, occurredAt, leadId, doubt }) => ({
        id: externalId === ids.old ? 'old' : 'new',
        status,
        stood,
        matchedBy,
        startsAt,
        occurredAt,
        doubt,
        isTheirs: leadId === lead.id,
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  }
}

test('a form and the events of one call end the same in whichever order they come, and however often', async () => {
  const seen = new Map<string, number>()
  const cases = fc
    .subarray(parts, { minLength: 1 })
    .chain((some) =>
      fc.tuple(
        fc.constant(some),
        fc.shuffledSubarray([...some, ...some, 'form' as const], { minLength: 2 * some.length + 1 }),
      ),
    )
  await fc.assert(
    fc.asyncProperty(cases, async ([some, shuffled]) => {
      const end = await endOf(shuffled)
      const kind = end.running.map(({ sequence }) => sequence).join() || 'nothing'
      seen.set(kind, (seen.get(kind) ?? 0) + 1)
      expect(end).toEqual(await endOf(['form', ...some]))
    }),
    { numRuns: 120 },
  )
  // It has seen all three ends.
  expect([...seen.keys()].sort()).toEqual(['back-spasms', 'nothing', 'rebook'])
})
