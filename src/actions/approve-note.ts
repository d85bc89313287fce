import type { Context } from '../context.ts'
import { Problem } from '../core/problem.ts'
import { insertAudit } from '../store/audit.ts'
import { inTransaction } from '../store/db.ts'
import { putSetting } from '../store/settings.ts'

/** Who stands for the words on urgent care, and which words those were. */
export type NoteApproval = { note: string; by: string; at: string }

export const noteSetting = 'urgent-care-approval'

/**
 * Records that the clinic stands for its words on urgent care, as they are. `name` is who decided. Other words need
 * another approval. Throws Problem `conflict` when they are not what was read, or are the sample's.
 */
export async function approveNote(
  ctx: Pick<Context, 'db' | 'config' | 'clock'>,
  { note, name, actor }: { note: string; name: string; actor: string },
): Promise<void> {
  const { brand } = ctx.config
  if (note !== brand.urgentCareNote)
    throw new Problem('conflict', 'The words were changed meanwhile. Read them again.')
  if (/^Sample text\b/.test(note))
    throw new Problem('conflict', 'These are the sample’s words. Write the clinic’s own first.')
  if (name === '')
    throw new Problem('invalid', 'Say who approves them.', [{ field: 'name', message: 'is missing' }])
  const now = ctx.clock.now()
  await inTransaction(ctx.db, async (tx) => {
    const approval: NoteApproval = { note, by: name, at: now.toISOString() }
    await putSetting(tx, noteSetting, approval, now)
    await insertAudit(tx, { actor, action: 'approve-note', subject: noteSetting, detail: approval }, now)
  })
}
