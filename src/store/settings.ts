import { eq } from 'drizzle-orm'
import { settings } from '../../drizzle/schema/index.ts'
import type { Db } from './db.ts'

/** A setting's value, or null. The caller knows the shape: only this service writes here. */
export async function findSetting<T>(db: Db, key: string): Promise<T | null> {
  const [row] = await db.select({ value: settings.value }).from(settings).where(eq(settings.key, key))
  return row ? (row.value as T) : null
}

/** Stores a setting that is not there yet; returns false, and changes nothing, when it is. */
export async function addSetting(db: Db, key: string, value: unknown, now: Date): Promise<boolean> {
  const rows = await db
    .insert(settings)
    .values({ key, value, updatedAt: now })
    .onConflictDoNothing()
    .returning({ key: settings.key })
  return rows.length > 0
}

/** Stores a setting, in place of what was there. */
export async function putSetting(db: Db, key: string, value: unknown, now: Date): Promise<void> {
  await db
    .insert(settings)
    .values({ key, value, updatedAt: now })
    .onConflictDoUpdate({ target: settings.key, set: { value, updatedAt: now } })
}

/** A setting's value, locked until the transaction ends; one that is not there yet is stored as `initial`. */
export async function lockSetting<T>(db: Db, key: string, initial: T, now: Date): Promise<T> {
  await addSetting(db, key, initial, now)
  const [row] = await db
    .select({ value: settings.value })
    .from(settings)
    .where(eq(settings.key, key))
    .for('update')
  return row!.value as T
}
