import { sql } from 'drizzle-orm'
import type { Role } from '../core/user.ts'
import type { Db } from './db.ts'
import { newId } from './new-id.ts'

/** A session ends after so long in any case, and sooner when its browser is not seen for a while. */
const lifeDays = 30
const idleDays = 7
/** How often a session gets a new token, and how long the one before stays good. */
const rotateHours = 24
const graceSeconds = 60

export type SessionRow = {
  id: string
  userId: string
  email: string
  role: Role
  /** Its token is so old that it should get a new one. */
  stale: boolean
}

const isAlive = sql`s.expires_at > clock_timestamp()
  and s.seen_at > clock_timestamp() - make_interval(days => ${idleDays}) and u.removed_at is null`

/** Signs a browser in. What is long over is swept away. */
export async function insertSession(
  db: Db,
  { userId, tokenHash, device }: { userId: string; tokenHash: Buffer; device: string },
): Promise<void> {
  await db.execute(sql`
    with swept as (
      delete from sessions where id in (
        select id from sessions where expires_at < clock_timestamp() order by expires_at limit 20
        for update skip locked)
    )
    insert into sessions (id, user_id, token_hash, rotated_at, device, created_at, seen_at, expires_at)
    values (${newId()}, ${userId}, ${tokenHash}, clock_timestamp(), ${device}, clock_timestamp(), clock_timestamp(),
      clock_timestamp() + make_interval(days => ${lifeDays}))`)
}

/** Whose session a token opens, or null. That it was seen is noted once a minute. */
export async function findSession(db: Db, tokenHash: Buffer): Promise<SessionRow | null> {
  const { rows } = await db.execute<SessionRow & { unseen: boolean }>(sql`
    select s.id, s.user_id as "userId", u.email, u.role,
      s.token_hash = ${tokenHash} and s.rotated_at < clock_timestamp() - make_interval(hours => ${rotateHours}) as stale,
      s.seen_at < clock_timestamp() - interval '1 minute' as unseen
    from sessions s join users u on u.id = s.user_id
    where ${isAlive} and (s.token_hash = ${tokenHash}
      or s.previous_hash = ${tokenHash} and s.rotated_at > clock_timestamp() - make_interval(secs => ${graceSeconds}))`)
  const row = rows[0]
  if (!row) return null
  const { unseen, ...session } = row
  if (unseen) await db.execute(sql`update sessions set seen_at = clock_timestamp() where id = ${session.id}`)
  return session
}

/** Gives a session a new token; false when another request did so first. */
export async function rotateSession(db: Db, id: string, from: Buffer, to: Buffer): Promise<boolean> {
  const { rows } = await db.execute(sql`
    update sessions set token_hash = ${to}, previous_hash = ${from}, rotated_at = clock_timestamp()
    where id = ${id} and token_hash = ${from} returning id`)
  return rows.length > 0
}

export type SessionOf = { id: string; device: string; createdAt: Date; seenAt: Date }

/** Where a user is signed in, the newest first. */
export async function listSessions(db: Db, userId: string): Promise<SessionOf[]> {
  const { rows } = await db.execute<{ id: string; device: string; createdAt: string; seenAt: string }>(sql`
    select s.id, s.device, s.created_at as "createdAt", s.seen_at as "seenAt"
    from sessions s join users u on u.id = s.user_id
    where s.user_id = ${userId} and ${isAlive} order by s.id desc limit 100`)
  return rows.map((row) => ({
    ...row,
    createdAt: new Date(row.createdAt),
    seenAt: new Date(row.seenAt),
  }))
}

/** Signs out one session of a user; false when there is none. */
export async function deleteSession(db: Db, userId: string, id: string): Promise<boolean> {
  const { rows } = await db.execute(
    sql`delete from sessions where id = ${id} and user_id = ${userId} returning id`,
  )
  return rows.length > 0
}
