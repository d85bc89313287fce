import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bookingCourse,
  type BookingState,
  bookingStatuses,
  cancellers,
  mergeBooking,
} from '../../src/core/booking.ts'

const day = 86_400_000
const now = new Date('2026-03-04T15:00:00Z')
const ago = (days: number) => new Date(now.getTime() - days * day)

const states = fc.record({
  status: fc.constantFrom(...bookingStatuses.filter((status) => status !== 'moved')),
  stood: fc.boolean(),
  movedTo: fc.constant(null),
  startsAt: fc.option(fc.constantFrom(ago(1), ago(-1), ago(-2))),
  cancelledBy: fc.constant(null),
  revision: fc.constant(null),
  emailKey: fc.constantFrom('a@lead.example', null),
  phone: fc.constant(null),
  leadId: fc.constant(null),
  enrollmentId: fc.constant(null),
  deliveryId: fc.constant(null),
  matchedBy: fc.constant(null),
  doubt: fc.constant(null),
  occurredAt: fc.integer({ min: 0, max: 5 }).map((days) => ago(days)),
})
const news = fc.oneof(
  states,
  states.map((state) => ({ ...state, status: 'moved' as const, movedTo: 'next' })),
)
/** As the facts of a person are dated by the event that told them. */
const dated = (state: Omit<BookingState, 'matchedAt' | 'bookedAt'>): BookingState => ({
  ...state,
  matchedAt: state.occurredAt,
  bookedAt: state.occurredAt,
})

describe('what is known of a booking', () => {
  it('is the same in whichever order its events come, and however often', () => {
    const merged = (events: readonly BookingState[]) =>
      events.reduce<BookingState | null>((known, one) => mergeBooking(known, one), null)
    const cases = fc
      .array(news.map(dated), { minLength: 1, maxLength: 5 })
      .chain((events) =>
        fc.tuple(
          fc.constant(events),
          fc.shuffledSubarray([...events, ...events], { minLength: 2 * events.length }),
        ),
      )
    const seen = new Set<string>()
    fc.assert(
      fc.property(cases, ([events, again]) => {
        const [first, second] = [merged(events)!, merged(again)!]
        seen.add(first.status)
        const told = ({ status, stood, startsAt, movedTo, emailKey, occurredAt, bookedAt }: BookingState) => {
          return { status, stood, startsAt, movedTo, emailKey, occurredAt, bookedAt }
        }
        expect(told(second)).toEqual(told(first))
      }),
      { numRuns: 2_000 },
    )
    expect(seen.size).toBe(bookingStatuses.length)
  })

  it('goes by the count of changes where the tool counts them', () => {
    const base = { ...dated(fc.sample(states, 1)[0]!), status: 'booked' as const, occurredAt: ago(1) }
    const late = { ...base, status: 'cancelled' as const, revision: 2 }
    const early = { ...base, revision: 1, occurredAt: ago(0) }
    expect(mergeBooking(late, early).status).toBe('cancelled')
    expect(mergeBooking(early, late).status).toBe('cancelled')
  })
})

describe('where a lead stands', () => {
  const one = {
    id: 'a',
    status: 'cancelled' as const,
    stood: true,
    startsAt: ago(-3),
    cancelledBy: null,
    occurredAt: ago(1),
  }
  it.each([
    ['a cancellation', [one], 'rebook'],
    ['a no-show', [{ ...one, status: 'no-show' as const, startsAt: ago(2) }], 'rebook'],
    ['a cancellation by the lead', [{ ...one, cancelledBy: cancellers[0] }], 'rebook'],
    ['a cancellation by the clinic', [{ ...one, cancelledBy: cancellers[1] }], 'released'],
    ['a cancellation of what never stood', [{ ...one, stood: false }], 'none'],
    ['a time long past', [{ ...one, startsAt: ago(31) }], 'none'],
    ['a change long past', [{ ...one, occurredAt: ago(31) }], 'none'],
    ['another that stands', [one, { ...one, id: 'b', status: 'booked' as const }], 'booked'],
    ['one that was moved', [{ ...one, status: 'moved' as const }], 'none'],
    ['nothing', [], 'none'],
  ])('after %s', (_, bookings, course) => {
    expect(bookingCourse(bookings, now).course).toBe(course)
  })
})
