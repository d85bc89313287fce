import type { Context } from '../context.ts'
import type { Brand } from '../core/brand.ts'
import { type Db } from '../store/db.ts'
import { findSetting } from '../store/settings.ts'

/** Under which setting the studio keeps what it changes of the brand. */
export const brandSetting = 'brand'

/** `version` counts the changes; `fields` stand over the environment's. */
export type StoredBrand = { version: number; fields: Partial<Brand> }

/** What the studio stored; version 0 and no fields when it never did. */
export const findStoredBrand = async (db: Db): Promise<StoredBrand> =>
  (await findSetting<StoredBrand>(db, brandSetting)) ?? { version: 0, fields: {} }

/**
 * Takes up what the studio stored of the brand, over what the environment says. The object changes only when its
 * content does: compiled mails are kept by it.
 */
export async function refreshBrand(ctx: Pick<Context, 'db' | 'config' | 'brandDefaults'>): Promise<void> {
  const { version, fields } = await findStoredBrand(ctx.db)
  // Nothing was ever stored: a test or a script may have set a brand of its own.
  if (version === 0) return
  const next: Brand = { ...ctx.brandDefaults, ...fields }
  if (JSON.stringify(next) !== JSON.stringify(ctx.config.brand)) ctx.config.brand = next
}
