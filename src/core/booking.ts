const bookingEventKinds = ['booked', 'rescheduled', 'cancelled', 'no-show'] as const
export type BookingEventKind = (typeof bookingEventKinds)[number]

/** What a booking tool reports, in one form for all of them. */
export type BookingEvent = {
  kind: BookingEventKind
  /** The tool's id of the booking; the same for every event about it. */
  externalId: string
  /** The id that the booking had before, where the tool gives a rescheduled one a new id: the same booking goes on. */
  previousExternalId?: string
  /** Dedupe key of this one event. */
  eventId: string
  /** The signed token that our own booking link carried, if it came back. */
  token: string | null
  email: string | null
  /** E.164, if it could be read as such. */
  phone: string | null
  /** ISO 8601 instants, UTC. */
  startsAt: string | null
  endsAt: string | null
  occurredAt: string
}
