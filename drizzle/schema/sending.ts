import { sql } from 'drizzle-orm'
import {
  boolean,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { deliveryStatuses } from '../../src/core/delivery.ts'
import { attemptOutcomes, dispatchStatuses } from '../../src/core/dispatch.ts'
import { enrollmentStatuses, stopReasons } from '../../src/core/enrollment.ts'
import type { Sequence } from '../../src/core/sequence.ts'
import { bytea, id, instant } from './columns.ts'
import { leads, sources } from './leads.ts'

export const enrollmentStatus = pgEnum('enrollment_status', enrollmentStatuses)
export const stopReason = pgEnum('stop_reason', stopReasons)
export const deliveryStatus = pgEnum('delivery_status', deliveryStatuses)
export const dispatchStatus = pgEnum('dispatch_status', dispatchStatuses)
export const attemptOutcome = pgEnum('attempt_outcome', attemptOutcomes)

/** A sequence as it was when an enrollment began; never changed. */
export const sequenceDefinitions = pgTable('sequence_definitions', {
  /** SHA-256 of the definition's canonical JSON, hex. */
  hash: text('hash').primaryKey(),
  sequence: text('sequence').notNull(),
  definition: jsonb('definition').$type<Sequence>().notNull(),
  createdAt: instant('created_at').notNull(),
})

export const enrollments = pgTable(
  'enrollments',
  {
    id: id(),
    leadId: uuid('lead_id')
      .notNull()
      .references(() => leads.id),
    sourceId: uuid('source_id')
      .notNull()
      .references(() => sources.id),
    sequence: text('sequence').notNull(),
    definitionHash: text('definition_hash')
      .notNull()
      .references(() => sequenceDefinitions.hash),
    status: enrollmentStatus('status').notNull(),
    stopReason: stopReason('stop_reason'),
    topical: boolean('topical').notNull(),
    /** The lead asked for twice the time between two mails. */
    slow: boolean('slow').notNull().default(false),
    /** The lead asked for none before this. */
    pausedUntil: instant('paused_until'),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (table) => [
    uniqueIndex('enrollments_one_active')
      .on(table.leadId)
      .where(sql`status in ('active', 'held') and sequence <> 'opt-in'`),
    index('enrollments_lead').on(table.leadId),
    index('enrollments_definition').on(table.definitionHash, table.status),
    // Each with the lead, whose ids are in the order of their coming: a page of a list is one short range.
    index('enrollments_status').on(table.status, table.leadId),
    index('enrollments_source').on(table.sourceId, table.leadId),
    index('enrollments_stop').on(table.stopReason, table.leadId),
  ],
)

export const deliveries = pgTable(
  'deliveries',
  {
    id: id(),
    enrollmentId: uuid('enrollment_id')
      .notNull()
      .references(() => enrollments.id),
    leadId: uuid('lead_id').notNull(),
    step: text('step').notNull(),
    status: deliveryStatus('status').notNull(),
    /** A sequence's first mail overtakes any backlog. */
    first: boolean('first').notNull(),
    dueAt: instant('due_at').notNull(),
    windowClosesAt: instant('window_closes_at'),
    /** Most deliveries that may share its envelope: shrinks after a refusal, to find the one that is refused. */
    groupLimit: smallint('group_limit').notNull(),
    dispatchId: uuid('dispatch_id'),
    /** The provider's id of the mail. */
    providerId: text('provider_id'),
    /** The provider's ids of its mails that a person gave up, as far as known; null while there is none. */
    givenUp: text('given_up').array(),
    /** RFC 5322 Message-ID of the mail without its brackets: a reply names it. */
    messageId: text('message_id'),
    acceptedAt: instant('accepted_at'),
    /** Why it was cancelled, failed or parked. */
    reason: text('reason'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    unique('deliveries_once').on(table.enrollmentId, table.step),
    // With the id, for thousands fall due at one moment when a window opens, and a claim must know how far it came.
    index('deliveries_waiting')
      .on(table.first, table.dueAt, table.id)
      .where(sql`status = 'waiting'`),
    index('deliveries_lead').on(table.leadId, table.acceptedAt),
    index('deliveries_step')
      .on(table.step, table.leadId)
      .where(sql`status = 'waiting'`),
    index('deliveries_provider')
      .on(table.providerId)
      .where(sql`provider_id is not null`),
    index('deliveries_message')
      .on(table.messageId)
      .where(sql`message_id is not null`),
    index('deliveries_trouble')
      .on(table.status)
      .where(sql`status in ('failed', 'parked')`),
  ],
)

/** A sealed envelope. Its bytes never change, so every attempt is the same request. */
export const dispatches = pgTable(
  'dispatches',
  {
    /** Also the Idempotency-Key. */
    id: id(),
    /** In the order of the body's array: answers are paired by position. */
    deliveryIds: uuid('delivery_ids').array().notNull(),
    /** Exact bytes of the request, packed. Once sent they are kept for a while to look at; null once opened or erased. */
    body: bytea('body'),
    status: dispatchStatus('status').notNull(),
    first: boolean('first').notNull(),
    /** The earliest window end inside; no first attempt starts at it or later. */
    sendBy: instant('send_by'),
    sealedAt: instant('sealed_at').notNull(),
    /** A lead inside was stopped after sealing. */
    dirty: boolean('dirty').notNull().default(false),
    /** A mail inside was planned anew after sealing: unless it may have gone out, it is opened. */
    moved: boolean('moved').notNull().default(false),
    /** An event of a member proves that the provider took it. */
    proven: boolean('proven').notNull().default(false),
    /** Number of the newest attempt; an older attempt's record does not match and is dropped. */
    fence: integer('fence').notNull().default(0),
    /** Domain clock: idempotency age counts from here. */
    firstAttemptAt: instant('first_attempt_at'),
    /** Database time until which the newest attempt owns it. */
    leaseUntil: instant('lease_until'),
    /** Database time before which it is not attempted. */
    nextAttemptAt: instant('next_attempt_at'),
    reason: text('reason'),
    resolvedAt: instant('resolved_at'),
  },
  (table) => [
    index('dispatches_open')
      .on(table.first.desc(), table.sealedAt)
      .where(sql`status in ('sealed', 'in-flight', 'retrying')`),
    index('dispatches_parked')
      .on(table.status)
      .where(sql`status = 'parked'`),
    index('dispatches_kept')
      .on(table.resolvedAt)
      .where(sql`body is not null`),
  ],
)

export const attempts = pgTable(
  'attempts',
  {
    dispatchId: uuid('dispatch_id')
      .notNull()
      .references(() => dispatches.id),
    fence: integer('fence').notNull(),
    startedAt: instant('started_at').notNull(),
    /** Null while it runs, and for ever when its process died. */
    outcome: attemptOutcome('outcome'),
    statusCode: integer('status_code'),
    errorName: text('error_name'),
    recordedAt: instant('recorded_at'),
  },
  (table) => [primaryKey({ columns: [table.dispatchId, table.fence] })],
)
