import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { users } from '../../drizzle/schema/index.ts'
import type { Role } from '../core/user.ts'
import type { Db } from './db.ts'

export type UserRow = typeof users.$inferSelect

/** Stores a user, or gives the one with this address that role, back from having been taken away. */
export async function putUser(
  db: Db,
  { email, emailKey, role }: Pick<UserRow, 'email' | 'emailKey' | 'role'>,
  now: Date,
): Promise<UserRow> {
  const [row] = await db
    .insert(users)
    .values({ email, emailKey, role, createdAt: now })
    .onConflictDoUpdate({ target: users.emailKey, set: { email, role, removedAt: null } })
    .returning()
  return row!
}

/** Users who may sign in, oldest first. */
export async function listUsers(db: Db): Promise<UserRow[]> {
  return db.select().from(users).where(isNull(users.removedAt)).orderBy(asc(users.id))
}

/** Locks all who may sign in, so that two changes at once never take away the last admin. */
export async function lockUsers(db: Db): Promise<UserRow[]> {
  return db.select().from(users).where(isNull(users.removedAt)).orderBy(asc(users.id)).for('update')
}

export async function setRole(db: Db, id: string, role: Role): Promise<void> {
  await db.update(users).set({ role }).where(eq(users.id, id))
}

/** Takes a user away with all that is signed in or could still sign in. */
export async function removeUser(db: Db, id: string, now: Date): Promise<void> {
  await db
    .update(users)
    .set({ removedAt: now })
    .where(and(eq(users.id, id), isNull(users.removedAt)))
  await db.execute(sql`delete from sessions where user_id = ${id}`)
  await db.execute(sql`delete from sign_ins where user_id = ${id} and used_at is null`)
}
