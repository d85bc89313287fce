import { eq, sql } from 'drizzle-orm'
import { signIns, users } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'
import { newId } from './new-id.ts'

/** Makes a link for a user that is good for `seconds`. Returns its id. */
export async function insertSignIn(db: Db, userId: string, seconds: number): Promise<string> {
  const id = newId()
  await db.execute(sql`
    insert into sign_ins (id, user_id, created_at, expires_at)
    values (${id}, ${userId}, clock_timestamp(), clock_timestamp() + make_interval(secs => ${seconds}))`)
  return id
}

/**
 * Makes a link for whoever has this address, and asks for the mail with it. One statement, which takes as long where
 * there is nobody. Links that are long over are swept away.
 */
export async function askSignIn(db: Db, emailKey: string, seconds: number, now: Date): Promise<void> {
  await db.execute(sql`
    with swept as (
      delete from sign_ins where id in (
        select id from sign_ins where expires_at < clock_timestamp() - interval '1 day'
        order by expires_at limit 20 for update skip locked)
    ), made as (
      insert into sign_ins (id, user_id, created_at, expires_at)
      select ${newId()}::uuid, id, clock_timestamp(), clock_timestamp() + make_interval(secs => ${seconds})
      from users where email_key = ${emailKey} and removed_at is null
      returning id
    )
    insert into alerts (id, kind, status, sign_in_id, due_at, next_attempt_at, created_at)
    select ${newId()}::uuid, 'sign-in', 'waiting', id, ${now}, clock_timestamp(), ${now} from made`)
}

/** Whom a link is for, while it is good: not used, not over, its user still there. */
export async function findSignIn(db: Db, id: string): Promise<{ email: string } | null> {
  const { rows } = await db.execute<{ email: string }>(sql`
    select u.email from sign_ins s join users u on u.id = s.user_id
    where s.id = ${id} and s.used_at is null and s.expires_at > clock_timestamp() and u.removed_at is null`)
  return rows[0] ?? null
}

/** Uses a link up. Returns its user, or null when it is not good any more: of two at once one gets it. */
export async function takeSignIn(db: Db, id: string): Promise<{ userId: string; email: string } | null> {
  const [row] = await db
    .update(signIns)
    .set({ usedAt: sql`clock_timestamp()` })
    .from(users)
    .where(
      sql`${signIns.id} = ${id} and ${signIns.usedAt} is null and ${signIns.expiresAt} > clock_timestamp()
        and ${eq(users.id, signIns.userId)} and ${users.removedAt} is null`,
    )
    .returning({ userId: signIns.userId, email: users.email })
  return row ?? null
}
