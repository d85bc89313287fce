import type { Context } from '../context.ts'
import type { Brand } from '../core/brand.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { lockSetting, putSetting } from '../store/settings.ts'
import { brandSetting, refreshBrand, type StoredBrand } from './refresh-brand.ts'

/**
 * Stores fields of the brand over the environment's. This process uses them at once, all others from their next tick.
 * `base` is the version that the change was made from. Throws Problem `conflict` when there is a newer one by then.
 */
export async function saveBrand(
  ctx: Pick<Context, 'db' | 'config' | 'brandDefaults' | 'clock'>,
  { changes, base, actor }: { changes: Partial<Brand>; base: number; actor: string },
): Promise<void> {
  await inTransaction(ctx.db, async (tx) => {
    const now = ctx.clock.now()
    const { version, fields } = await lockSetting<StoredBrand>(
      tx,
      brandSetting,
      { version: 0, fields: {} },
      now,
    )
    if (version !== base)
      throw new Problem('conflict', 'Somebody else changed the brand meanwhile. Load the page again.')
    const next: StoredBrand = { version: version + 1, fields: { ...fields, ...changes } }
    await putSetting(tx, brandSetting, next, now)
    const detail = { fields: Object.keys(changes), version: next.version }
    await insertAudit(tx, { actor, action: 'save-brand', subject: brandSetting, detail }, now)
  })
  await refreshBrand(ctx)
}
