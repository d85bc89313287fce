import type { Context } from '../context.ts'
import { type ListedLead, listLeads } from '../store/lead-list.ts'
import { findSuppressed } from '../store/suppressions.ts'

export type ExportedLead = Omit<ListedLead, 'id' | 'foldedKey'> & {
  /** Its address is never to be mailed, by whatever tool. */
  suppressed: boolean
}

const pageSize = 1_000

/** Every lead that is not erased, oldest first, read page by page. Of who was erased only a hash is left, and no line. */
export async function* exportLeads(ctx: Pick<Context, 'db' | 'suppression'>): AsyncGenerator<ExportedLead> {
  for (let after: string | null = null; ;) {
    const page: ListedLead[] = await listLeads(ctx.db, after, pageSize)
    const hashes = page.map(({ foldedKey }) => ctx.suppression.lookups(foldedKey))
    const suppressed = await findSuppressed(ctx.db, hashes.flat())
    for (const [at, { id: _, foldedKey: __, ...lead }] of page.entries())
      yield { ...lead, suppressed: hashes[at]!.some((hash) => suppressed.has(hash.toString('hex'))) }
    if (page.length < pageSize) return
    after = page.at(-1)!.id
  }
}
