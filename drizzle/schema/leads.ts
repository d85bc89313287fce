import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgEnum, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { sourceAlerts } from '../../src/core/alert.ts'
import { consentBases } from '../../src/core/consent.ts'
import type { AddressFlag } from '../../src/core/address-flag.ts'
import { suppressionReasons } from '../../src/core/enrollment.ts'
import type { LeadFields } from '../../src/core/submission.ts'
import { bytea, id, instant } from './columns.ts'

export const captureStatus = pgEnum('capture_status', ['mapped', 'parked', 'ignored'])
export const suppressionReason = pgEnum('suppression_reason', suppressionReasons)

export const sources = pgTable('sources', {
  id: id(),
  /** Last part of the webhook's address. */
  slug: text('slug').notNull().unique(),
  name: text('name').notNull(),
  /** Which adapter reads it. */
  adapter: text('adapter').notNull(),
  /** Secrets that verify it; more than one while they rotate. */
  secrets: text('secrets').array().notNull(),
  /** Which field of the form means what; null while it is guessed. */
  mapping: jsonb('mapping').$type<Record<string, string | null>>(),
  sequence: text('sequence').notNull(),
  /** The form is about the sequence's topic, its notice says so, and the clinic chose topical subjects. */
  topical: boolean('topical').notNull().default(false),
  /** Where a browser is sent after the form; null: our own thank-you page. */
  thankYouUrl: text('thank_you_url'),
  /** Origins of the pages that may post a public form; empty: any page may, but no script may read the answer. */
  origins: text('origins').array().notNull().default([]),
  /** A public form has to bring a proof of work, so that sending it by the thousand costs something. */
  proofOfWork: boolean('proof_of_work').notNull().default(false),
  /** A lead is asked in a mail to confirm before anything else is sent. */
  doubleOptIn: boolean('double_opt_in').notNull().default(false),
  /** When the front desk hears of its leads. */
  alerts: text('alerts', { enum: sourceAlerts }).notNull().default('at-once'),
  refusedCount: integer('refused_count').notNull().default(0),
  lastRefusedAt: instant('last_refused_at'),
  /** Requests refused since the last capture, and when the first of them came. */
  refusedRun: integer('refused_run').notNull().default(0),
  refusedSince: instant('refused_since'),
  createdAt: instant('created_at').notNull(),
})

export const leads = pgTable(
  'leads',
  {
    id: id(),
    /** As given, for sending. Null once erased. */
    email: text('email'),
    /** Lower-cased whole address: one lead each. Null once erased. */
    emailKey: text('email_key').unique(),
    /** The address as suppression sees it, plus-tag folded away. Null once erased. */
    foldedKey: text('folded_key'),
    firstName: text('first_name'),
    lastName: text('last_name'),
    /** E.164. */
    phone: text('phone'),
    postalCode: text('postal_code'),
    /** ISO 3166 code, where a form told the country. */
    country: text('country'),
    /** What is odd about the address. */
    flags: text('flags').array().$type<AddressFlag[]>().notNull().default([]),
    /** IANA zone in which the lead's windows are reckoned; null for the clinic's, whichever that is by then. */
    timeZone: text('time_zone'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    erasedAt: instant('erased_at'),
    /** When a person lifted its suppression: a form that comes later may enroll it again. */
    reopenedAt: instant('reopened_at'),
  },
  (table) => [
    index('leads_folded').on(table.foldedKey),
    // People find a lead by how an address, a name or a number begins, or by the last digits of a number. These
    // operator classes serve that in whichever collation a database has; that of the number serves equality too.
    index('leads_phone').on(table.phone.op('text_pattern_ops')),
    index('leads_phone_end').on(sql`reverse(${table.phone}) text_pattern_ops`),
    index('leads_email_start').on(table.emailKey.op('text_pattern_ops')),
    index('leads_last_name').on(
      sql`lower(${table.lastName}) text_pattern_ops`,
      sql`lower(${table.firstName}) text_pattern_ops`,
    ),
    index('leads_first_name').on(
      sql`lower(${table.firstName}) text_pattern_ops`,
      sql`lower(${table.lastName}) text_pattern_ops`,
    ),
  ],
)

export const captures = pgTable(
  'captures',
  {
    id: id(),
    sourceId: uuid('source_id')
      .notNull()
      .references(() => sources.id),
    /** The provider's id of the submission, or our own duplicate key. */
    externalId: text('external_id').notNull(),
    status: captureStatus('status').notNull(),
    /** Why it is parked or ignored. */
    reason: text('reason'),
    contentType: text('content_type'),
    /** The request's body, byte for byte. Null once erased. */
    body: bytea('body'),
    fields: jsonb('fields').$type<LeadFields>(),
    leadId: uuid('lead_id').references(() => leads.id),
    /** What became of it: enrolled, attached to a running enrollment, or stored only, and why. */
    outcome: text('outcome'),
    receivedAt: instant('received_at').notNull(),
  },
  (table) => [
    unique('captures_once').on(table.sourceId, table.externalId),
    index('captures_lead').on(table.leadId),
    index('captures_source').on(table.sourceId, table.receivedAt),
    index('captures_status').on(table.status, table.receivedAt),
  ],
)

/** Append-only proof of what a lead agreed to. */
export const consents = pgTable(
  'consents',
  {
    id: id(),
    leadId: uuid('lead_id')
      .notNull()
      .references(() => leads.id),
    captureId: uuid('capture_id')
      .notNull()
      .references(() => captures.id),
    basis: text('basis', { enum: consentBases }).notNull(),
    /** What proves an imported one: where and to what the person agreed. */
    proof: text('proof'),
    textVersion: text('text_version'),
    pageUrl: text('page_url'),
    givenAt: instant('given_at').notNull(),
  },
  (table) => [index('consents_lead').on(table.leadId)],
)

/** Addresses never mailed: only a keyed hash, so that it can outlive the person's data. */
export const suppressions = pgTable(
  'suppressions',
  {
    id: id(),
    hash: bytea('hash').notNull(),
    /** Which key made the hash. */
    keyId: text('key_id').notNull(),
    /** Which rules folded the address before it was hashed. */
    normalisation: integer('normalisation').notNull(),
    reason: suppressionReason('reason').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [unique('suppressions_once').on(table.hash)],
)
