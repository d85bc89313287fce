const bookingEventKinds = ['booked', 'rescheduled', 'cancelled', 'no-show'] as const
export type BookingEventKind = (typeof bookingEventKinds)[number]

/** `moved`: it goes on under another id, whatever else is still reported of this one. */
export const bookingStatuses = ['booked', 'cancelled', 'no-show', 'moved'] as const
export type BookingStatus = (typeof bookingStatuses)[number]

export const cancellers = ['lead', 'clinic'] as const
type Canceller = (typeof cancellers)[number]

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
  /** Who cancelled, where the tool says so. */
  cancelledBy?: Canceller
  /** Counts the changes of a booking, where the tool counts them: a better order than times. */
  revision?: number
}

/** What a webhook says that names nobody. The rest is read from the tool itself. */
export type BookingNotice = {
  /** What to ask the tool for: the appointment, or the customer. Null when there is nothing to ask. */
  id: string | null
  /** The event as far as the webhook tells it; null when even that has to be read. */
  known: BookingEvent | null
}

/** What came of asking a booking tool. A failure's reason holds nothing personal. */
export type BookingReading =
  { outcome: 'read'; event: BookingEvent | null } | { outcome: 'failed'; reason: string }

/** Asks one booking tool what its notice was about. Never throws for what the tool or the network does. */
export type BookingReader = { read(notice: BookingNotice): Promise<BookingReading> }

const matchWays = ['phone', 'email', 'token', 'front-desk', 'person'] as const
/** How a booking's lead was found, weakest first. `person`: somebody assigned it. */
export type MatchWay = (typeof matchWays)[number]

/** Whose booking it is, as far as one event, or all of them together, tell. */
export type BookingWho = {
  emailKey: string | null
  phone: string | null
  leadId: string | null
  enrollmentId: string | null
  /** The mail whose button led to it, where our token tells. */
  deliveryId: string | null
  matchedBy: MatchWay | null
  /** Why a person should look at the match; null when it is plain. */
  doubt: string | null
  /** When the event happened that this comes from. */
  matchedAt: Date | null
}

/** All that is known of one booking. */
export type BookingState = BookingWho & {
  status: BookingStatus
  /** It was once booked, so that a cancellation ends something. */
  stood: boolean
  movedTo: string | null
  startsAt: Date | null
  cancelledBy: Canceller | null
  revision: number | null
  occurredAt: Date
  /** When the earliest known of it happened: it was made then, or before. */
  bookedAt: Date
}

/**
 * Puts what one event tells to what is known. The result of several is the same in whichever order they come, and
 * however often: the newest change of the booking counts, the surest match of its person, and once moved is moved.
 */
export function mergeBooking(before: BookingState | null, news: BookingState): BookingState {
  const known = before ?? news
  const newest = isLater(news, known) ? news : known
  const moved = [known, news].find(({ status }) => status === 'moved')
  const who = mergeWho(known, news)
  const stood = known.stood || news.stood
  const bookedAt = known.bookedAt < news.bookedAt ? known.bookedAt : news.bookedAt
  if (!moved) return { ...newest, ...who, stood, bookedAt }
  // Where and when it was no longer matters: what goes on goes on under the other id.
  const gone = { startsAt: null, cancelledBy: null, revision: null }
  const { occurredAt } = newest
  return { ...who, ...gone, stood, status: 'moved', movedTo: moved.movedTo, occurredAt, bookedAt }
}

/** The surer of two matches; of equal ones the newer. */
export function mergeWho(known: BookingWho, news: BookingWho): BookingWho {
  const [sureKnown, sureNews] = [sureness(known), sureness(news)]
  const isBetter =
    sureNews > sureKnown || (sureNews === sureKnown && time(news.matchedAt) >= time(known.matchedAt))
  const { emailKey, phone, leadId, enrollmentId, deliveryId, matchedBy, doubt, matchedAt } = isBetter
    ? news
    : known
  return { emailKey, phone, leadId, enrollmentId, deliveryId, matchedBy, doubt, matchedAt }
}

function sureness({ matchedBy, emailKey, phone }: BookingWho): number {
  if (matchedBy !== null) return 2 + matchWays.indexOf(matchedBy)
  return emailKey !== null || phone !== null ? 1 : 0
}

const time = (at: Date | null) => at?.getTime() ?? 0

/** Equal times are settled by what changed, so that the order of arrival never is. */
function isLater(a: BookingState, b: BookingState): boolean {
  if (a.revision !== null && b.revision !== null && a.revision !== b.revision) return a.revision > b.revision
  if (time(a.occurredAt) !== time(b.occurredAt)) return a.occurredAt > b.occurredAt
  const [ofA, ofB] = [a, b].map(({ status }) => bookingStatuses.indexOf(status))
  return ofA! !== ofB! ? ofA! > ofB! : time(a.startsAt) > time(b.startsAt)
}

/** What ended, was with somebody else, or asked to book again longer ago says nothing of now. */
export const thirtyDays = 30 * 24 * 60 * 60_000

/**
 * Where a lead stands by all its bookings: `booked` while one stands; `rebook` when the newest to end was cancelled or
 * missed of late; `released` when the tool says that it was the clinic who cancelled; `none` when there is nothing, or
 * nothing of the last 30 days.
 */
export type BookingCourse =
  { course: 'booked' | 'released' | 'none' } | { course: 'rebook'; bookingId: string }

export function bookingCourse(
  bookings: readonly (Pick<BookingState, 'status' | 'stood' | 'startsAt' | 'cancelledBy' | 'occurredAt'> & {
    id: string
  })[],
  now: Date,
): BookingCourse {
  if (bookings.some(({ status }) => status === 'booked')) return { course: 'booked' }
  const since = now.getTime() - thirtyDays
  const ended = bookings
    .filter(({ status, stood }) => status !== 'moved' && stood)
    .filter(({ startsAt, occurredAt }) => Math.min(time(startsAt ?? occurredAt), time(occurredAt)) >= since)
    .sort((a, b) => time(b.occurredAt) - time(a.occurredAt) || (a.id < b.id ? 1 : -1))
  const [newest] = ended
  if (!newest) return { course: 'none' }
  return newest.cancelledBy === 'clinic' ? { course: 'released' } : { course: 'rebook', bookingId: newest.id }
}
