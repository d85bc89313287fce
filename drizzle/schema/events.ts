import { sql } from 'drizzle-orm'
import {
  boolean,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { bookingStatuses, cancellers, type MatchWay } from '../../src/core/booking.ts'
import { bytea, id, instant } from './columns.ts'
import { leads, sources } from './leads.ts'
import { replies } from './responses.ts'
import { deliveries, enrollments } from './sending.ts'

export const eventStatus = pgEnum('event_status', ['pending', 'applied', 'ignored', 'parked'])
export const bookingStatus = pgEnum('booking_status', bookingStatuses)
export const alertStatus = pgEnum('alert_status', ['waiting', 'sent', 'failed', 'gathered', 'dropped'])

/** What Resend and the booking tools report, as received; applied once. */
export const providerEvents = pgTable(
  'provider_events',
  {
    id: id(),
    provider: text('provider').notNull(),
    /** The provider's id of the event, the same on every retry. */
    eventId: text('event_id').notNull(),
    body: bytea('body'),
    status: eventStatus('status').notNull(),
    /** Times that applying it failed. */
    failures: integer('failures').notNull().default(0),
    /** Database time before which it is not tried again. */
    nextAttemptAt: instant('next_attempt_at'),
    /** Why it is ignored or parked. */
    reason: text('reason'),
    leadId: uuid('lead_id').references(() => leads.id),
    receivedAt: instant('received_at').notNull(),
  },
  (table) => [
    unique('provider_events_once').on(table.provider, table.eventId),
    index('provider_events_open')
      .on(table.receivedAt)
      .where(sql`status in ('pending', 'parked')`),
    index('provider_events_lead').on(table.leadId),
  ],
)

export const bookings = pgTable(
  'bookings',
  {
    id: id(),
    /** The booking tool, or `front-desk`. */
    tool: text('tool').notNull(),
    externalId: text('external_id').notNull(),
    status: bookingStatus('status').notNull(),
    leadId: uuid('lead_id').references(() => leads.id),
    enrollmentId: uuid('enrollment_id').references(() => enrollments.id),
    /** How the lead was found; null while nobody is. */
    matchedBy: text('matched_by').$type<MatchWay>(),
    /** When the event happened that tells whose it is. */
    matchedAt: instant('matched_at'),
    /** Why a person should look at the match; null when it is plain, or was looked at. */
    doubt: text('doubt'),
    /** It was once booked, so that a cancellation ends something. */
    stood: boolean('stood').notNull().default(true),
    /** The tool's id under which it goes on. */
    movedTo: text('moved_to'),
    /** Who cancelled, where the tool says so. */
    cancelledBy: text('cancelled_by', { enum: cancellers }),
    /** The tool's own count of its changes. */
    revision: integer('revision'),
    /** The enrollment that asks the lead to book again. */
    rebookEnrollmentId: uuid('rebook_enrollment_id').references(() => enrollments.id),
    /** Kept so that a form that comes later finds it. Null once erased. */
    emailKey: text('email_key'),
    phone: text('phone'),
    startsAt: instant('starts_at'),
    /** When the tool says that the newest change happened. */
    occurredAt: instant('occurred_at').notNull(),
    /** When the earliest that we know of it happened: what was clicked and received before that may have led to it. */
    bookedAt: instant('booked_at').notNull(),
    /** The mail whose button led to the booking page, where the tool gave our token back. */
    deliveryId: uuid('delivery_id').references(() => deliveries.id),
    /** The lead's mail that was last clicked before, and the one last received: the first of them has the credit. */
    clickedDeliveryId: uuid('clicked_delivery_id').references(() => deliveries.id),
    receivedDeliveryId: uuid('received_delivery_id').references(() => deliveries.id),
    /** Where the lead first came from. */
    firstSourceId: uuid('first_source_id').references(() => sources.id),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    unique('bookings_once').on(table.tool, table.externalId),
    index('bookings_lead').on(table.leadId),
    index('bookings_email').on(table.emailKey),
    index('bookings_phone').on(table.phone),
    index('bookings_doubt')
      .on(table.createdAt)
      .where(sql`doubt is not null`),
  ],
)

/** Mail to the clinic's own people; at least once, unlike a delivery. */
export const alerts = pgTable(
  'alerts',
  {
    id: id(),
    kind: text('kind', {
      enum: [
        'fresh-lead',
        'call-me',
        'reply',
        'unbooked-click',
        'finished',
        'digest',
        'source-refusing',
        'source-silent',
        'hook-refusing',
        'sending-paused',
        'template-paused',
        'render-fault',
        'mails-in-trouble',
        'parked',
        'sending-unclear',
        'sign-in',
      ],
    }).notNull(),
    /** What happened, for kinds that are told once: however many workers see it, it is one row. */
    key: text('key').unique(),
    status: alertStatus('status').notNull(),
    captureId: uuid('capture_id'),
    enrollmentId: uuid('enrollment_id').references(() => enrollments.id),
    sourceId: uuid('source_id').references(() => sources.id),
    replyId: uuid('reply_id').references(() => replies.id),
    /** The link that a user asked for. */
    signInId: uuid('sign_in_id'),
    reason: text('reason'),
    attempts: integer('attempts').notNull().default(0),
    /** When there is something to tell; by then it may have come to nothing. */
    dueAt: instant('due_at').notNull(),
    /** It is told in a digest, with all others that are due by then. */
    inDigest: boolean('in_digest').notNull().default(false),
    /** The digest that it was gathered into. */
    digestId: uuid('digest_id'),
    /** Database time before which no worker takes it. */
    nextAttemptAt: instant('next_attempt_at').notNull(),
    createdAt: instant('created_at').notNull(),
    sentAt: instant('sent_at'),
  },
  (table) => [
    index('alerts_waiting')
      .on(table.inDigest, table.dueAt)
      .where(sql`status = 'waiting'`),
    index('alerts_failed')
      .on(table.createdAt)
      .where(sql`status = 'failed' and digest_id is null`),
    index('alerts_digest')
      .on(table.digestId)
      .where(sql`digest_id is not null`),
    // Asking twice while the first still waits makes no second mail.
    uniqueIndex('alerts_one_waiting')
      .on(table.kind, table.captureId)
      .where(sql`status = 'waiting'`),
    // A reply is told once, whatever becomes of it.
    uniqueIndex('alerts_reply_once')
      .on(table.kind, table.replyId)
      .where(sql`reply_id is not null`),
  ],
)

/** Facts about the whole service: the pause, the clock that owns this database, the suppression keys in use. */
export const settings = pgTable('settings', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
  updatedAt: instant('updated_at').notNull(),
})

/** What people did, for ever. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: id(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    detail: jsonb('detail'),
    at: instant('at').notNull(),
  },
  (table) => [index('audit_log_subject').on(table.subject, table.at)],
)
