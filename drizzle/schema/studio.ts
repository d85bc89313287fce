import { sql } from 'drizzle-orm'
import { index, pgEnum, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { roles } from '../../src/core/user.ts'
import { bytea, id, instant } from './columns.ts'

export const role = pgEnum('role', roles)

/** People of the clinic who may sign in to the studio. */
export const users = pgTable('users', {
  id: id(),
  /** As given, for sending. */
  email: text('email').notNull(),
  /** Lower-cased: one user each. */
  emailKey: text('email_key').notNull().unique(),
  role: role('role').notNull(),
  createdAt: instant('created_at').notNull(),
  /** Was taken away; kept, as the audit log tells of it. */
  removedAt: instant('removed_at'),
})

/** One browser that is signed in. Its cookie holds a token of which only the hash is here. Times: the database's. */
export const sessions = pgTable(
  'sessions',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    tokenHash: bytea('token_hash').notNull().unique(),
    /** The token before the last rotation, good for a moment longer: requests cross each other. */
    previousHash: bytea('previous_hash'),
    rotatedAt: instant('rotated_at').notNull(),
    /** Which browser and system, in a few words, so that its owner knows it again. */
    device: text('device').notNull(),
    createdAt: instant('created_at').notNull(),
    seenAt: instant('seen_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    index('sessions_user').on(table.userId),
    index('sessions_previous')
      .on(table.previousHash)
      .where(sql`previous_hash is not null`),
    index('sessions_expiry').on(table.expiresAt),
  ],
)

/**
 * A link that signs in once. Nothing here opens a door: the link is this id with a signature, made anew when its mail
 * goes out. Times: the database's.
 */
export const signIns = pgTable(
  'sign_ins',
  {
    id: id(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
  },
  (table) => [index('sign_ins_user').on(table.userId), index('sign_ins_expiry').on(table.expiresAt)],
)

/** What a machine shows instead of a session. Only the token's hash is here. */
export const apiTokens = pgTable('api_tokens', {
  id: id(),
  name: text('name').notNull(),
  tokenHash: bytea('token_hash').notNull().unique(),
  role: role('role').notNull(),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull(),
  lastUsedAt: instant('last_used_at'),
  revokedAt: instant('revoked_at'),
})
