import { sql } from 'drizzle-orm'
import { index, integer, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { clickDiscounts } from '../../src/core/click.ts'
import { replyMatches } from '../../src/core/reply.ts'
import { id, instant } from './columns.ts'
import { leads } from './leads.ts'
import { deliveries } from './sending.ts'

/** Times that the booking button of a mail was followed. Who followed it, from where and with what, is not kept. */
export const clicks = pgTable(
  'clicks',
  {
    id: id(),
    deliveryId: uuid('delivery_id')
      .notNull()
      .references(() => deliveries.id),
    leadId: uuid('lead_id')
      .notNull()
      .references(() => leads.id),
    /** Why it is taken for a program's and counts for nothing; null for a person's. */
    discount: text('discount', { enum: clickDiscounts }),
    at: instant('at').notNull(),
  },
  (table) => [
    index('clicks_lead').on(table.leadId, table.at),
    index('clicks_counted')
      .on(table.at)
      .where(sql`discount is null`),
  ],
)

/** What people answered to our mail. An automatic answer is not one. */
export const replies = pgTable(
  'replies',
  {
    id: id(),
    /** The provider's id of the mail that came in. */
    externalId: text('external_id').notNull(),
    /** Null where neither its address nor what it answers tells whose it is. */
    leadId: uuid('lead_id').references(() => leads.id),
    /** The mail that it answers. */
    deliveryId: uuid('delivery_id').references(() => deliveries.id),
    matchedBy: text('matched_by', { enum: replyMatches }),
    /** The lead who has the sender's address: a hint for a person, as anybody can write a sender. */
    hintLeadId: uuid('hint_lead_id').references(() => leads.id),
    /** A bare address. Null once erased, as are subject and text. */
    sender: text('sender'),
    subject: text('subject'),
    text: text('text'),
    /** How many files came with it; they stay with the provider. */
    attachments: integer('attachments').notNull(),
    /** RFC 5322 Message-ID, without its brackets. */
    messageId: text('message_id'),
    /** What the provider found when it checked the sender's domain. */
    dmarc: text('dmarc'),
    receivedAt: instant('received_at').notNull(),
    answeredAt: instant('answered_at'),
    answeredBy: text('answered_by'),
  },
  (table) => [
    unique('replies_once').on(table.externalId),
    index('replies_lead').on(table.leadId, table.receivedAt),
    index('replies_open')
      .on(table.receivedAt)
      .where(sql`answered_at is null`),
  ],
)
